//! A look at an ONNX file before the engine takes it.
//!
//! In: the bytes. Out: nothing, or why it is refused: not ONNX or cut short,
//! weights kept in another file, a tensor whose size is not that of its data,
//! branches and loops, sizes that no classifier needs. Cost: one pass over the
//! structure, not the weights. Source: the published `onnx.proto`.
//! Limits: a file made on purpose can still ask for much memory by joining
//! tensors; use models of people you trust.

use super::error::PluggedError;

/// Most nodes and most tensors of a model.
const PARTS_MAX: usize = 100_000;
/// Most elements of a tensor: one gibibyte of numbers.
const ELEMENTS_MAX: u64 = 1 << 28;
/// Longest constant that may be a shape.
const SHAPE_LENGTH_MAX: usize = 16;
/// Larger numbers stand for «to the end».
const TO_THE_END: u64 = (1 << 31) - 1;
const PART: &str = "model.onnx";

/// Numbers of the fields of `onnx.proto` that are looked at.
mod field {
    pub const MODEL_GRAPH: u64 = 7;
    pub const GRAPH_NODE: u64 = 1;
    pub const GRAPH_INITIALIZER: u64 = 5;
    pub const NODE_OPERATOR: u64 = 4;
    pub const NODE_ATTRIBUTE: u64 = 5;
    pub const ATTRIBUTE_TENSOR: u64 = 5;
    pub const ATTRIBUTE_GRAPH: u64 = 6;
    pub const ATTRIBUTE_INTS: u64 = 8;
    pub const ATTRIBUTE_GRAPHS: u64 = 11;
    pub const TENSOR_DIMS: u64 = 1;
    pub const TENSOR_TYPE: u64 = 2;
    pub const TENSOR_INT64: u64 = 7;
    pub const TENSOR_RAW: u64 = 9;
    pub const TENSOR_LOCATION: u64 = 14;
}

/// A value of a field.
#[derive(Clone, Copy)]
enum Wire<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// Refuses a file that the engine should not see.
pub fn check(bytes: &[u8]) -> Result<(), PluggedError> {
    let mut parts = 0_usize;
    let mut has_graph = false;
    each_field(bytes, &mut |number, value| {
        if let (field::MODEL_GRAPH, Wire::Bytes(graph)) = (number, value) {
            has_graph = true;
            check_graph(graph, &mut parts)?;
        }
        Ok(())
    })?;
    if has_graph && parts > 0 { Ok(()) } else { Err(broken()) }
}

fn broken() -> PluggedError {
    PluggedError::unreadable(PART, "it is no ONNX model or it is cut short; copy or export it again")
}

fn unsupported(what: impl Into<String>, advice: &'static str) -> PluggedError {
    PluggedError::Unsupported { part: PART, what: what.into(), advice }
}

fn check_graph(graph: &[u8], parts: &mut usize) -> Result<(), PluggedError> {
    each_field(graph, &mut |number, value| {
        let Wire::Bytes(bytes) = value else { return Ok(()) };
        if matches!(number, field::GRAPH_NODE | field::GRAPH_INITIALIZER) {
            *parts += 1;
            if *parts > PARTS_MAX {
                return Err(unsupported("more parts than any classifier has", "use a smaller model"));
            }
        }
        match number {
            field::GRAPH_NODE => check_node(bytes),
            field::GRAPH_INITIALIZER => check_tensor(bytes),
            _ => Ok(()),
        }
    })
}

fn check_node(node: &[u8]) -> Result<(), PluggedError> {
    let mut operator = "";
    let mut attributes = Vec::new();
    each_field(node, &mut |number, value| {
        match (number, value) {
            (field::NODE_OPERATOR, Wire::Bytes(name)) => {
                operator = std::str::from_utf8(name).map_err(|_| broken())?
            }
            (field::NODE_ATTRIBUTE, Wire::Bytes(attribute)) => attributes.push(attribute),
            _ => {}
        }
        Ok(())
    })?;
    for attribute in attributes {
        let mut shape = Vec::new();
        each_field(attribute, &mut |number, value| match (number, value) {
            (field::ATTRIBUTE_TENSOR, Wire::Bytes(tensor)) => check_tensor(tensor),
            (field::ATTRIBUTE_GRAPH | field::ATTRIBUTE_GRAPHS, _) => {
                let operator: String = operator.chars().take(40).collect();
                Err(unsupported(
                    format!("a branch or a loop ({operator})"),
                    "export it as a plain text classifier, with a fixed way through",
                ))
            }
            (field::ATTRIBUTE_INTS, value) => numbers(value, &mut shape),
            _ => Ok(()),
        })?;
        check_shape(&shape)?;
    }
    Ok(())
}

/// Bytes of an element by its ONNX type; `None` for strings and unknown types.
fn element_bytes(kind: u64) -> Option<u64> {
    match kind {
        2 | 3 | 9 => Some(1),
        4 | 5 | 10 | 16 => Some(2),
        1 | 6 | 12 => Some(4),
        7 | 11 | 13 => Some(8),
        _ => None,
    }
}

fn check_tensor(tensor: &[u8]) -> Result<(), PluggedError> {
    let (mut dims, mut integers) = (Vec::new(), Vec::new());
    let (mut kind, mut raw) = (0, None);
    each_field(tensor, &mut |number, value| {
        match (number, value) {
            (field::TENSOR_DIMS, value) => numbers(value, &mut dims)?,
            (field::TENSOR_TYPE, Wire::Number(found)) => kind = found,
            (field::TENSOR_INT64, value) if integers.len() <= SHAPE_LENGTH_MAX => {
                numbers(value, &mut integers)?
            }
            (field::TENSOR_RAW, Wire::Bytes(bytes)) => raw = Some(bytes),
            (field::TENSOR_LOCATION, Wire::Number(1)) => {
                return Err(unsupported("weights in another file", "save model and weights as one file"));
            }
            _ => {}
        }
        Ok(())
    })?;
    let elements = dims.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
    let elements = elements.filter(|elements| *elements <= ELEMENTS_MAX).ok_or_else(broken)?;
    if let Some(raw) = raw {
        let bytes = element_bytes(kind).and_then(|bytes| bytes.checked_mul(elements));
        if bytes.is_some_and(|bytes| u64::try_from(raw.len()) != Ok(bytes)) {
            return Err(broken());
        }
        if kind == 7 && raw.len() <= SHAPE_LENGTH_MAX * 8 {
            integers.extend(raw.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes)));
        }
    }
    check_shape(&integers)
}

/// Refuses whole numbers that would be a shape of too many elements.
fn check_shape(numbers: &[u64]) -> Result<(), PluggedError> {
    if numbers.len() > SHAPE_LENGTH_MAX {
        return Ok(());
    }
    let sizes = numbers.iter().filter(|number| (1..TO_THE_END).contains(*number));
    match sizes.copied().try_fold(1_u64, u64::checked_mul) {
        Some(elements) if elements <= ELEMENTS_MAX => Ok(()),
        _ => Err(unsupported("a tensor of a size that no classifier needs", "check that the file is whole")),
    }
}

/// Adds the whole numbers of a field, packed or single, the first few of them.
fn numbers(value: Wire<'_>, into: &mut Vec<u64>) -> Result<(), PluggedError> {
    match value {
        Wire::Number(number) => into.push(number),
        Wire::Bytes(mut bytes) => {
            while !bytes.is_empty() && into.len() <= SHAPE_LENGTH_MAX {
                into.push(varint(&mut bytes).ok_or_else(broken)?);
            }
        }
    }
    Ok(())
}

/// Calls `visit` with each field of a message.
fn each_field<'a>(
    mut bytes: &'a [u8],
    visit: &mut dyn FnMut(u64, Wire<'a>) -> Result<(), PluggedError>,
) -> Result<(), PluggedError> {
    while !bytes.is_empty() {
        let key = varint(&mut bytes).ok_or_else(broken)?;
        let mut take = |count: usize| {
            let (head, rest) = bytes.split_at_checked(count)?;
            bytes = rest;
            Some(head)
        };
        let value = match key & 7 {
            0 => Wire::Number(varint(&mut bytes).ok_or_else(broken)?),
            1 => Wire::Bytes(take(8).ok_or_else(broken)?),
            5 => Wire::Bytes(take(4).ok_or_else(broken)?),
            2 => {
                let length = varint(&mut bytes).and_then(|length| usize::try_from(length).ok());
                let (head, rest) =
                    length.and_then(|length| bytes.split_at_checked(length)).ok_or_else(broken)?;
                bytes = rest;
                Wire::Bytes(head)
            }
            _ => return Err(broken()),
        };
        visit(key >> 3, value)?;
    }
    Ok(())
}

/// A whole number of seven bits a byte.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for place in 0..10 {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f).checked_shl(place * 7)?;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
