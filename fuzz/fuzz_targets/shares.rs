//! Tables of shares: what is read is written so that it is read again.
#![no_main]

use app::coordination::{read_shares, write_shares};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    let Ok(table) = read_shares(Box::new(Cursor::new(bytes.to_vec()))) else { return };
    let mut written = Vec::new();
    write_shares(&table, &mut written).expect("memory takes every byte");
    let again = read_shares(Box::new(Cursor::new(written))).expect("our own table is read");
    assert_eq!((again.shares.len(), again.rejected), (table.shares.len(), 0));
});
