#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    slt_hostile::formats::MLP.read_any(bytes);
});
