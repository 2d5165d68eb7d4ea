"""Makes the small classifiers that the tests of `plugged` read, and what they must answer.

Run it with `pip install onnx onnxruntime tokenizers`; it writes beside itself:
mean/, attention/, quantised/ (model.onnx, tokenizer.json, config.json) and
bytes/tokenizer.json, each with expected.json: the numbers of each text as
`tokenizers` makes them and the probabilities as `onnxruntime` computes them.
The weights are random on purpose: only agreement is tested. The trainer of the
unigram tokenizer is not reproducible: a new run changes the files together.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
DIM = 16
LENGTH = 24
WRITTEN = [
    "El servicio de la compañía es muy malo, llevo tres días sin internet.",
    "¡Gracias! El pedido llegó ayer y todo está perfecto.",
    "¿A qué hora abren mañana la tienda del centro?",
    "No recomiendo este banco, cobran comisiones que nadie explica.",
    "A encomenda chegou atrasada e ninguém responde.",
    "The app crashes every time I open my account.",
    "Qué bonito el concierto de anoche, me encantó.",
    "El agua se fue otra vez en el barrio y no avisan.",
] * 4
ASKED = [
    "El servicio es muy malo",
    "¡Gracias, todo perfecto!",
    "¿A qué hora abren?",
    "",
    "   ",
    "😡😡😡 NO funciona NADA!!! 3 días así...",
    "ñandú — pingüino «café» l'été naïve ﬁn ①②",
    "[CLS] texto <s> con marcas </s> escritas [SEP] dentro",
    "internet\n\nno  hay\tinternet   ",
    "مرحبا 你好 привет",
    "@cuenta mira https://ejemplo.org/a?b=1#c #SinAgua I'm it's 'll",
    "palabra " * 60,
]


def save(folder, model, tokenizer, config, mapping=None):
    """Writes a folder and what its model answers, each text by itself."""
    out = HERE / folder
    out.mkdir(exist_ok=True)
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    (out / "config.json").write_text(json.dumps(config))
    if mapping:
        (out / "atalaya.json").write_text(json.dumps(mapping))
    if model is not None:
        (out / "model.onnx").write_bytes(model.SerializeToString())
    expect(out, tokenizer)


def expect(out, tokenizer):
    """Writes expected.json of a folder."""
    session = onnxruntime.InferenceSession(out / "model.onnx") if (out / "model.onnx").exists() else None
    cases = []
    for text in ASKED:
        ids = tokenizer.encode(text).ids
        case = {"text": text, "ids": ids}
        if session:
            row = np.array([ids], dtype=np.int64)
            given = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
            names = {value.name for value in session.get_inputs()}
            logits = session.run(["logits"], {name: given[name] for name in names})[0][0]
            powers = np.exp(logits - logits.max())
            case["probabilities"] = [float(p) for p in powers / powers.sum()]
        cases.append(case)
    (out / "expected.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1))


def graph(name, nodes, weights, inputs):
    """A model of nodes."""
    made = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(i, TensorProto.INT64, ["batch", "length"]) for i in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 3])],
        [numpy_helper.from_array(value, key) for key, value in weights.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def mean_model(vocabulary, rng):
    """Embedding, mean over what is no padding, one layer."""
    weights = {
        "embedding": rng.normal(size=(vocabulary, DIM)).astype(np.float32),
        "weight": rng.normal(size=(DIM, 3)).astype(np.float32),
        "bias": rng.normal(size=3).astype(np.float32),
        "last": np.array([2], dtype=np.int64),
        "one": np.array([1], dtype=np.int64),
    }
    n = helper.make_node
    nodes = [
        n("Gather", ["embedding", "input_ids"], ["e"]),
        n("Cast", ["attention_mask"], ["m"], to=TensorProto.FLOAT),
        n("Unsqueeze", ["m", "last"], ["m3"]),
        n("Mul", ["e", "m3"], ["em"]),
        n("ReduceSum", ["em", "one"], ["sum"], keepdims=0),
        n("ReduceSum", ["m3", "one"], ["count"], keepdims=0),
        n("Div", ["sum", "count"], ["mean"]),
        n("Gemm", ["mean", "weight", "bias"], ["logits"]),
    ]
    return graph("mean", nodes, weights, ["input_ids", "attention_mask"])


def attention_model(vocabulary, rng):
    """One layer of a transformer as exports of PyTorch look: two heads, layer norm, GELU, first token."""
    heads, n = 2, helper.make_node

    def matrix(*shape):
        return (rng.normal(size=shape) * 0.6).astype(np.float32)

    weights = {
        "words": matrix(vocabulary, DIM),
        "places": matrix(LENGTH, DIM),
        "types": matrix(2, DIM),
        "wq": matrix(DIM, DIM), "wk": matrix(DIM, DIM), "wv": matrix(DIM, DIM), "wo": matrix(DIM, DIM),
        "w1": matrix(DIM, 4 * DIM), "w2": matrix(4 * DIM, DIM), "b1": matrix(4 * DIM), "b2": matrix(DIM),
        "scale1": np.ones(DIM, np.float32) + matrix(DIM) * 0.1, "shift1": matrix(DIM) * 0.1,
        "wp": matrix(DIM, DIM), "wc": matrix(DIM, 3), "bc": matrix(3),
        "split": np.array([0, 0, heads, DIM // heads], dtype=np.int64),
        "join": np.array([0, 0, DIM], dtype=np.int64),
        "root": np.array(np.sqrt(DIM / heads), dtype=np.float32),
        "one": np.array(1.0, np.float32), "half": np.array(0.5, np.float32),
        "two": np.array(2.0, np.float32), "sqrt2": np.array(np.sqrt(2.0), np.float32),
        "eps": np.array(1e-5, np.float32), "far": np.array(np.finfo(np.float32).min, np.float32),
        "zero_i": np.array(0, np.int64), "one_i": np.array(1, np.int64),
        "mask_axes": np.array([1, 2], np.int64),
    }
    nodes = [
        n("Gather", ["words", "input_ids"], ["ew"]),
        n("Gather", ["types", "token_type_ids"], ["et"]),
        n("Shape", ["input_ids"], ["shape"]),
        n("Gather", ["shape", "one_i"], ["length"]),
        n("Range", ["zero_i", "length", "one_i"], ["range"]),
        n("Gather", ["places", "range"], ["ep"]),
        n("Add", ["ew", "et"], ["ewt"]),
        n("Add", ["ewt", "ep"], ["x"]),
        n("Cast", ["attention_mask"], ["mf"], to=TensorProto.FLOAT),
        n("Unsqueeze", ["mf", "mask_axes"], ["m4"]),
        n("Sub", ["one", "m4"], ["im"]),
        n("Mul", ["im", "far"], ["bias"]),
    ]
    for name in "qkv":
        nodes += [
            n("MatMul", ["x", f"w{name}"], [f"{name}0"]),
            n("Reshape", [f"{name}0", "split"], [f"{name}1"]),
            n("Transpose", [f"{name}1"], [f"{name}"], perm=[0, 2, 3, 1] if name == "k" else [0, 2, 1, 3]),
        ]
    nodes += [
        n("MatMul", ["q", "k"], ["s0"]),
        n("Div", ["s0", "root"], ["s1"]),
        n("Add", ["s1", "bias"], ["s2"]),
        n("Softmax", ["s2"], ["s"], axis=-1),
        n("MatMul", ["s", "v"], ["c0"]),
        n("Transpose", ["c0"], ["c1"], perm=[0, 2, 1, 3]),
        n("Reshape", ["c1", "join"], ["c"]),
        n("MatMul", ["c", "wo"], ["o"]),
        n("Add", ["x", "o"], ["r"]),
        # Layer norm as it was written before it was an operator.
        n("ReduceMean", ["r"], ["mu"], axes=[-1]),
        n("Sub", ["r", "mu"], ["d"]),
        n("Pow", ["d", "two"], ["d2"]),
        n("ReduceMean", ["d2"], ["var"], axes=[-1]),
        n("Add", ["var", "eps"], ["ve"]),
        n("Sqrt", ["ve"], ["sd"]),
        n("Div", ["d", "sd"], ["nd"]),
        n("Mul", ["nd", "scale1"], ["ns"]),
        n("Add", ["ns", "shift1"], ["h"]),
        n("MatMul", ["h", "w1"], ["f0"]),
        n("Add", ["f0", "b1"], ["f1"]),
        n("Div", ["f1", "sqrt2"], ["g0"]),
        n("Erf", ["g0"], ["g1"]),
        n("Add", ["g1", "one"], ["g2"]),
        n("Mul", ["f1", "g2"], ["g3"]),
        n("Mul", ["g3", "half"], ["g"]),
        n("MatMul", ["g", "w2"], ["f2"]),
        n("Add", ["f2", "b2"], ["f"]),
        n("Add", ["f", "h"], ["y0"]),
        n("LayerNormalization", ["y0", "scale1", "shift1"], ["y"], axis=-1, epsilon=1e-5),
        n("Gather", ["y", "zero_i"], ["first"], axis=1),
        n("MatMul", ["first", "wp"], ["p0"]),
        n("Tanh", ["p0"], ["p"]),
        n("Gemm", ["p", "wc", "bc"], ["logits"]),
    ]
    return graph("attention", nodes, weights, ["input_ids", "attention_mask", "token_type_ids"])


def word_pieces():
    """As BERT in small letters, accents kept."""
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(strip_accents=False, lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    made.train_from_iterator(WRITTEN, trainers.WordPieceTrainer(vocab_size=180, special_tokens=special, show_progress=False))
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    made.enable_truncation(LENGTH)
    made.enable_padding(pad_id=0, pad_token="[PAD]")
    return made


def unigram():
    """As XLM-R, with a normaliser of its own."""
    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" ", " ")])
    made.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    made.train_from_iterator(
        WRITTEN, trainers.UnigramTrainer(vocab_size=180, special_tokens=special, unk_token="<unk>", show_progress=False)
    )
    made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    made.enable_truncation(LENGTH)
    return made


def byte_pairs():
    """As RoBERTa."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    made.train_from_iterator(
        WRITTEN,
        trainers.BpeTrainer(
            vocab_size=400, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
        ),
    )
    made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    made.enable_truncation(64)
    return made


def main():
    rng = np.random.default_rng(7)
    pieces = word_pieces()
    names = {"0": "NEG", "1": "NEU", "2": "POS"}
    save("mean", mean_model(pieces.get_vocab_size(), rng), pieces, {"id2label": names, "max_position_embeddings": 512})
    likely = unigram()
    config = {"model_type": "bert", "max_position_embeddings": LENGTH, "pad_token_id": 1,
              "id2label": {"0": "queja", "1": "elogio", "2": "otro"}}
    mapping = {"tone": {"queja": "negative", "elogio": "positive", "otro": "neutral"}}
    save("attention", attention_model(likely.get_vocab_size(), rng), likely, config, mapping)
    out = HERE / "quantised"
    out.mkdir(exist_ok=True)
    quantize_dynamic(HERE / "attention" / "model.onnx", out / "model.onnx", weight_type=QuantType.QInt8)
    save("quantised", None, likely, config, mapping)
    save("bytes", None, byte_pairs(), {"id2label": names})


main()
