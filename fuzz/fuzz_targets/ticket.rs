#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    slt_hostile::formats::TICKET.read_any(bytes);
});
