#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    slt_hostile::formats::TRAINED_TABLE.read_any(bytes);
});
