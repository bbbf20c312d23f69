#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    slt_hostile::formats::EDGE_POPUP.read_any(bytes);
});
