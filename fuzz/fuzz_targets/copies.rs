//! Two texts, a line each: signatures, differences and passages hold together.
#![no_main]

use analysis::copies::{Copies, Signature, difference, normalised, shared_passages, signature, similarity};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Signature::from_bytes(bytes);
    let text = String::from_utf8_lossy(bytes);
    let (one, other) = text.split_once('\n').unwrap_or((&text, ""));
    assert_eq!(normalised(&normalised(one)), normalised(one));
    for piece in difference(one, other) {
        assert!(one.contains(piece.text) || other.contains(piece.text));
    }
    for passage in shared_passages(one, other) {
        assert!(one.get(passage.first).is_some() && other.get(passage.second).is_some());
    }
    if let (Some(a), Some(b)) = (signature(one), signature(other)) {
        assert_eq!(similarity(&a, &b), similarity(&b, &a));
        assert_eq!(Signature::from_bytes(&a.bytes()), Some(a));
        let mut copies = Copies::new(4);
        copies.place(1, &a);
        copies.place(2, &b);
        assert_eq!(copies.place(3, &a).nearest.map(|(_, similarity)| similarity), Some(1.0));
    }
});
