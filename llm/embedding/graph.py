"""BERT (Devlin et al., 2018) with mean pooling, as an ONNX graph made from its weights.

Inputs ``input_ids`` and ``attention_mask``, (n, s) int64; output ``embedding``, (n, width)
float32, not yet of length one. What a matrix product is, the caller says: ``int8`` here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from llm.embedding.outliers import LOUD

LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
OPSET = 18

# Kernels without VNNI add two products u8 * s8 in 16 bits, which saturates beyond this range:
# 2 * 255 * 64 < 2^15. So every machine gives the same integers.
INT8_MOST = 64

Weights = Mapping[str, NDArray[np.float32]]


class Graph:
    """Nodes and constants as they are added; names are made up."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        return self.add_many(1, kind, *inputs, **attributes)[0]

    def add_many(self, outputs: int, kind: str, *inputs: str, **attributes: Any) -> list[str]:
        names = [f"{kind}_{len(self.nodes)}_{place}" for place in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names

    def constant(self, value: Any) -> str:
        name = f"constant_{len(self.constants)}"
        array = np.ascontiguousarray(value).reshape(np.shape(value))
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def ints(self, *values: int) -> str:
        return self.constant(np.array(values, dtype=np.int64))

    def number(self, value: float) -> str:
        return self.constant(np.array(value, dtype=np.float32))


# (graph, input (…, i), matrix (i, o), channels of the input that are loud) -> output (…, o)
Product = Callable[[Graph, str, NDArray[np.float32], Sequence[int]], str]


def int8(graph: Graph, rows: str, matrix: NDArray[np.float32], loud: Sequence[int]) -> str:
    """All but the loud channels in int8, and those in float32."""
    if not loud:
        return _quantised(graph, rows, matrix)
    channels = list(loud)
    quiet = np.ones(len(matrix), dtype=np.float32)
    quiet[channels] = 0
    product = _quantised(
        graph, graph.add("Mul", rows, graph.constant(quiet)), matrix * quiet[:, None]
    )
    heard = graph.add("Gather", rows, graph.ints(*channels), axis=-1)
    exact = graph.add("MatMul", heard, graph.constant(matrix[channels]))
    return graph.add("Add", product, exact)


def _quantised(graph: Graph, rows: str, matrix: NDArray[np.float32]) -> str:
    """Columns to 7 bits by their own scale once; rows to 8 bits by one scale at each run."""
    scales = np.abs(matrix).max(axis=0) / INT8_MOST
    scales[scales == 0] = 1
    whole = np.round(matrix / scales).astype(np.int8)
    quantised, scale, zero = graph.add_many(3, "DynamicQuantizeLinear", rows)
    zeros = graph.constant(np.zeros(len(scales), dtype=np.int8))
    product = graph.add("MatMulInteger", quantised, graph.constant(whole), zero, zeros)
    factor = graph.add("Mul", scale, graph.constant(scales.astype(np.float32)))
    return graph.add("Mul", graph.add("Cast", product, to=TensorProto.FLOAT), factor)


def build(weights: Weights, product: Product) -> bytes:
    """The model, serialised."""
    graph = Graph()
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = _embedding(graph, weights)
    ignored = _ignored(graph, mask)
    for layer in range(LAYERS):
        hidden = _layer(graph, weights, layer, hidden, ignored, product)
    graph.nodes.append(helper.make_node("Identity", [_mean(graph, hidden, mask)], ["embedding"]))
    made = helper.make_graph(
        graph.nodes,
        "bert",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "s"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", WIDTH])],
        graph.constants,
    )
    opset = helper.make_opsetid("", OPSET)
    model: bytes = helper.make_model(made, opset_imports=[opset], ir_version=9).SerializeToString()
    return model


def _embedding(graph: Graph, weights: Weights) -> str:
    # Half the size in float16: the table is most of the model, and only looked up.
    words = weights["embeddings.word_embeddings.weight"].astype(np.float16)
    table = graph.add("Gather", graph.constant(words), "input_ids")
    places = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    length = graph.add("Gather", graph.add("Shape", "input_ids"), graph.ints(1))
    place = graph.add("Slice", graph.constant(places), graph.ints(0), length)
    word = graph.add("Cast", table, to=TensorProto.FLOAT)
    return _norm(graph, weights, "embeddings.LayerNorm", graph.add("Add", word, place))


def _ignored(graph: Graph, mask: str) -> str:
    """(n, 1, 1, s): zero where a token counts, far below zero where it pads."""
    padding = graph.add("Sub", graph.number(1), graph.add("Unsqueeze", mask, graph.ints(1, 2)))
    return graph.add("Mul", padding, graph.number(-1e4))


def _layer(
    graph: Graph, weights: Weights, layer: int, hidden: str, ignored: str, product: Product
) -> str:
    at = f"encoder.layer.{layer}"
    into_attention, into_inner, out_of_inner = LOUD[layer]

    def dense(rows: str, loud: Sequence[int], *names: str) -> str:
        matrix = np.concatenate([weights[f"{at}.{name}.weight"] for name in names]).T
        bias = np.concatenate([weights[f"{at}.{name}.bias"] for name in names])
        return graph.add("Add", product(graph, rows, matrix, loud), graph.constant(bias))

    parts = [f"attention.self.{name}" for name in ("query", "key", "value")]
    asked = dense(hidden, into_attention, *parts)
    seen = dense(_attention(graph, asked, ignored), (), "attention.output.dense")
    added = graph.add("Add", seen, hidden)
    hidden = _norm(graph, weights, f"{at}.attention.output.LayerNorm", added)
    inner = _gelu(graph, dense(hidden, into_inner, "intermediate.dense"))
    added = graph.add("Add", dense(inner, out_of_inner, "output.dense"), hidden)
    return _norm(graph, weights, f"{at}.output.LayerNorm", added)


def _attention(graph: Graph, asked: str, ignored: str) -> str:
    """From queries, keys and values side by side, (n, s, 3 * width), to (n, s, width)."""
    size = WIDTH // HEADS
    parts = graph.add("Reshape", asked, graph.ints(0, 0, 3, HEADS, size))
    parts = graph.add("Transpose", parts, perm=[2, 0, 3, 1, 4])
    split = graph.add_many(3, "Split", parts, axis=0, num_outputs=3)
    query, key, value = (graph.add("Squeeze", part, graph.ints(0)) for part in split)
    scaled = graph.add("Mul", query, graph.number(size**-0.5))
    scores = graph.add("MatMul", scaled, graph.add("Transpose", key, perm=[0, 1, 3, 2]))
    shares = graph.add("Softmax", graph.add("Add", scores, ignored), axis=-1)
    heads = graph.add("Transpose", graph.add("MatMul", shares, value), perm=[0, 2, 1, 3])
    return graph.add("Reshape", heads, graph.ints(0, 0, WIDTH))


def _norm(graph: Graph, weights: Weights, at: str, rows: str) -> str:
    scale, bias = (graph.constant(weights[f"{at}.{name}"]) for name in ("weight", "bias"))
    return graph.add("LayerNormalization", rows, scale, bias, axis=-1, epsilon=EPSILON)


def _gelu(graph: Graph, rows: str) -> str:
    """The exact one, by the error function."""
    error = graph.add("Erf", graph.add("Div", rows, graph.number(2**0.5)))
    whole = graph.add("Mul", rows, graph.add("Add", error, graph.number(1)))
    return graph.add("Mul", whole, graph.number(0.5))


def _mean(graph: Graph, hidden: str, mask: str) -> str:
    weight = graph.add("Unsqueeze", mask, graph.ints(2))
    total = graph.add("ReduceSum", graph.add("Mul", hidden, weight), graph.ints(1), keepdims=0)
    count = graph.add("ReduceSum", weight, graph.ints(1), keepdims=0)
    return graph.add("Div", total, count)
