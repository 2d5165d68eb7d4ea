//! Content-addressed archives: the blocks of a repository commit.
//!
//! In: CAR version 1 bytes. Out: blocks by CID, records as JSON.
//! Errors: [`CarError`]; no bytes make it panic. Cost: one pass; one SHA-256 per
//! record read. Source: ipld.io/specs/transport/car/carv1,
//! atproto.com/specs/data-model. Limits: [`BLOCKS_MAX`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ipld_core::cid::Cid;
use ipld_core::ipld::Ipld;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Most blocks read from one archive.
pub const BLOCKS_MAX: usize = 10_000;
/// The multihash code of SHA-256.
const SHA_256: u64 = 0x12;

/// Why bytes are no archive or no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CarError {
    #[error("it ends too early")]
    Short,
    #[error("a length is no varint")]
    Varint,
    #[error("more than {BLOCKS_MAX} blocks")]
    TooMany,
    #[error("a block without an identifier: {0}")]
    Cid(String),
    #[error("a block that is not what its identifier says")]
    Forged,
    #[error("not DAG-CBOR: {0}")]
    Cbor(String),
}

/// The blocks of an archive by their identifier.
pub(crate) fn read(bytes: &[u8]) -> Result<HashMap<Cid, &[u8]>, CarError> {
    let (_header, mut rest) = section(bytes)?;
    let mut blocks = HashMap::new();
    while !rest.is_empty() {
        if blocks.len() >= BLOCKS_MAX {
            return Err(CarError::TooMany);
        }
        let (mut block, after) = section(rest)?;
        let cid = Cid::read_bytes(&mut block).map_err(|error| CarError::Cid(error.to_string()))?;
        blocks.insert(cid, block);
        rest = after;
    }
    Ok(blocks)
}

/// One stretch with its length before it, and what follows.
fn section(bytes: &[u8]) -> Result<(&[u8], &[u8]), CarError> {
    let mut length: u64 = 0;
    for (index, byte) in bytes.iter().enumerate() {
        if index > 8 {
            return Err(CarError::Varint);
        }
        length |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let body = bytes.get(index + 1..).unwrap_or_default();
            let length = usize::try_from(length).map_err(|_| CarError::Varint)?;
            return body.split_at_checked(length).ok_or(CarError::Short);
        }
    }
    Err(CarError::Short)
}

/// A record as the JSON that the network's APIs use for it, after checking
/// that the block is what its identifier says.
pub(crate) fn to_json(cid: &Cid, block: &[u8]) -> Result<Value, CarError> {
    if cid.hash().code() == SHA_256 && cid.hash().digest() != Sha256::digest(block).as_slice() {
        return Err(CarError::Forged);
    }
    let record: Ipld =
        serde_ipld_dagcbor::from_slice(block).map_err(|error| CarError::Cbor(error.to_string()))?;
    Ok(json_of(record))
}

/// The data model's JSON: bytes as `{"$bytes":…}`, links as `{"$link":…}`. Depth
/// is bounded by the reader of the block.
fn json_of(value: Ipld) -> Value {
    match value {
        Ipld::Null => Value::Null,
        Ipld::Bool(flag) => Value::Bool(flag),
        Ipld::Integer(number) => i64::try_from(number)
            .map(Value::from)
            .or_else(|_| u64::try_from(number).map(Value::from))
            .unwrap_or(Value::Null),
        Ipld::Float(number) => Value::from(number),
        Ipld::String(text) => Value::String(text),
        Ipld::Bytes(bytes) => serde_json::json!({ "$bytes": STANDARD_NO_PAD.encode(bytes) }),
        Ipld::List(items) => items.into_iter().map(json_of).collect(),
        Ipld::Map(entries) => {
            Value::Object(entries.into_iter().map(|(key, value)| (key, json_of(value))).collect())
        }
        Ipld::Link(cid) => serde_json::json!({ "$link": cid.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbage_is_refused() {
        assert_eq!(read(b""), Err(CarError::Short));
        assert_eq!(read(&[0x80; 20]), Err(CarError::Varint));
        assert_eq!(read(&[5, 1, 2]), Err(CarError::Short));
        assert!(matches!(read(&[1, 0, 3, 9, 9, 9]), Err(CarError::Cid(_))));
        assert_eq!(read(&[1, 0]), Ok(HashMap::new()));
    }

    #[test]
    fn a_deep_block_is_refused_not_crashed_on() {
        let mut deep = vec![0x81; 100_000];
        deep.push(0xf6);
        let cid = Cid::try_from("bafyreih4z3xk5wkdxzjqvwu5jq7jq6oq3xkq3vyx6m6c4n4w5jq2jq6oqa");
        if let Ok(cid) = cid {
            assert_eq!(to_json(&cid, &deep), Err(CarError::Forged));
        }
        assert!(serde_ipld_dagcbor::from_slice::<Ipld>(&deep).is_err());
    }
}
