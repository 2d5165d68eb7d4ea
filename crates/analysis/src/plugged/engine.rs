//! The engine that computes a plugged model.
//!
//! In: rows of numbers. Out: one row of raw answers for each. Cost: that of the
//! model. Source: the crate `rten`, with the operators of [`operators`] and
//! without its own file reading.
//! Limits: whole numbers are computed with 32 bits; a fault inside the engine
//! is caught and becomes an error.

use super::error::PluggedError;
use super::guard;
use rten::{ModelOptions, NodeId, OpRegistry, RunOptions, ThreadPool, Value, op_registry};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Most tokens of one text, marks included.
pub const ROW_TOKENS_MAX: usize = 512;
/// Most threads of a model.
const THREADS_MAX: usize = 64;
/// How this part is called in errors.
const PART: &str = "model.onnx";

/// An input that classifiers have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    Tokens,
    Mask,
    Types,
    Positions,
}

impl Input {
    fn of_name(name: &str) -> Option<Self> {
        match name {
            "input_ids" => Some(Self::Tokens),
            "attention_mask" => Some(Self::Mask),
            "token_type_ids" => Some(Self::Types),
            "position_ids" => Some(Self::Positions),
            _ => None,
        }
    }
}

/// A loaded model.
pub struct Network {
    model: rten::Model,
    inputs: Vec<(NodeId, Input)>,
    output: NodeId,
    threads: Arc<ThreadPool>,
}

/// The operators that a model may use: those of encoders and their quantised
/// forms. Loops, chance, pictures and sound are left out.
fn operators() -> OpRegistry {
    op_registry!(
        Abs,
        Add,
        And,
        Cast,
        CastLike,
        Ceil,
        Clip,
        Concat,
        ConstantOfShape,
        Cos,
        CumSum,
        DequantizeLinear,
        Div,
        DynamicQuantizeLinear,
        Einsum,
        Equal,
        Erf,
        Exp,
        Expand,
        Flatten,
        Floor,
        Gather,
        GatherElements,
        GatherND,
        Gelu,
        Gemm,
        Greater,
        GreaterOrEqual,
        Identity,
        IsInf,
        IsNaN,
        LayerNormalization,
        LeakyRelu,
        Less,
        LessOrEqual,
        Log,
        LogSoftmax,
        MatMul,
        MatMulInteger,
        Max,
        Mean,
        Min,
        Mod,
        Mul,
        Neg,
        NonZero,
        Not,
        Or,
        Pow,
        QuantizeLinear,
        Range,
        Reciprocal,
        ReduceL2,
        ReduceMax,
        ReduceMean,
        ReduceMin,
        ReduceProd,
        ReduceSum,
        ReduceSumSquare,
        Relu,
        Reshape,
        Round,
        ScatterND,
        Shape,
        Sigmoid,
        Sign,
        Sin,
        Size,
        Slice,
        Softmax,
        Softplus,
        Split,
        Sqrt,
        Squeeze,
        Sub,
        Tanh,
        Tile,
        Transpose,
        Trilu,
        Unsqueeze,
        Where,
        Xor
    )
}

impl Network {
    /// Loads a model.
    pub fn load(bytes: Vec<u8>, threads: usize) -> Result<Self, PluggedError> {
        guard::check(&bytes)?;
        let model = fenced(|| {
            ModelOptions::with_ops(operators()).load(bytes).map_err(|error| {
                PluggedError::unreadable(PART, format!("{error}; export it again as a text classifier"))
            })
        })?;
        let mut inputs = Vec::new();
        for id in model.input_ids() {
            let name = model.node_info(*id).and_then(|info| info.name()).unwrap_or_default();
            let input = Input::of_name(name).ok_or_else(|| PluggedError::Unsupported {
                part: PART,
                what: format!("the input «{name}»"),
                advice: "export it with input_ids, attention_mask and token_type_ids only",
            })?;
            inputs.push((*id, input));
        }
        if !inputs.iter().any(|(_, input)| *input == Input::Tokens) {
            return Err(PluggedError::unreadable(PART, "it has no input «input_ids»"));
        }
        let named = |id: &NodeId| model.node_info(*id).and_then(|info| info.name()) == Some("logits");
        let outputs = model.output_ids();
        let output = outputs.iter().find(|id| named(id)).or(outputs.first()).copied();
        let output = output.ok_or_else(|| PluggedError::unreadable(PART, "it has no output"))?;
        let threads = Arc::new(ThreadPool::with_num_threads(threads.clamp(1, THREADS_MAX)));
        Ok(Self { model, inputs, output, threads })
    }

    /// Raw answers of rows, which are filled up to the longest with `padding`.
    pub fn answer(&self, rows: &[Vec<u32>], padding: u32) -> Result<Vec<Vec<f32>>, PluggedError> {
        // A row without any token still has one to look at.
        let width = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let inputs = self
            .inputs
            .iter()
            .map(|(id, input)| {
                let numbers: Vec<i32> =
                    rows.iter().flat_map(|row| numbers(row, width, padding, *input)).collect();
                Value::from_shape([rows.len(), width], numbers)
                    .map(|value| (*id, value.into()))
                    .map_err(|error| PluggedError::run(error.to_string()))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.threads)));
        let [answer] = fenced(|| {
            self.model
                .run_n(inputs, [self.output], Some(options))
                .map_err(|error| PluggedError::run(error.to_string()))
        })?;
        let (shape, numbers) =
            answer.into_shape_vec::<f32, 2>().map_err(|error| PluggedError::Unsupported {
                part: PART,
                what: format!("an answer that is no table of numbers ({error})"),
                advice: "export it as a text classifier, with one answer for each text",
            })?;
        match shape {
            [count, labels] if count == rows.len() && labels > 0 => {
                Ok(numbers.chunks_exact(labels).map(<[f32]>::to_vec).collect())
            }
            _ => Err(PluggedError::run(format!("it answers {shape:?} for {} texts", rows.len()))),
        }
    }
}

/// One row of an input, `width` numbers.
fn numbers(row: &[u32], width: usize, padding: u32, input: Input) -> impl Iterator<Item = i32> {
    (0..width).map(move |place| {
        let token = row.get(place);
        let number = match input {
            Input::Tokens => token.copied().unwrap_or(padding),
            Input::Mask => u32::from(token.is_some() || (row.is_empty() && place == 0)),
            Input::Types => 0,
            // At most ROW_TOKENS_MAX.
            Input::Positions => u32::try_from(place).unwrap_or(u32::MAX),
        };
        i32::try_from(number).unwrap_or(i32::MAX)
    })
}

/// Runs foreign code; a fault in it is an error of the model. What it worked on
/// is not used again, except the loaded model, which a run does not change.
fn fenced<T>(work: impl FnOnce() -> Result<T, PluggedError>) -> Result<T, PluggedError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(PluggedError::run("the engine gave up on it; the file may be damaged")))
}
