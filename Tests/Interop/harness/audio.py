"""Tones: written to WAV files, and found again in recorded ones by the Goertzel algorithm."""

import array
import math
import sys
import wave

WINDOW = 0.05  # seconds; 440 Hz and 600 Hz make whole cycles in it, so nothing leaks
SHARE = 0.5  # of a window's energy at the frequency, for the window to count as tone
SILENCE = 100  # root mean square of 16-bit samples below which a window is silence


def write_tone(path, frequency, seconds, rate=8000, amplitude=8000):
    step = 2 * math.pi * frequency / rate
    samples = array.array("h", (round(amplitude * math.sin(step * n)) for n in range(round(seconds * rate))))
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def read_mono(path):
    """The first channel of a 16-bit WAV file, and its sample rate."""
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"{path}: {8 * file.getsampwidth()}-bit samples, expected 16")
        samples = array.array("h", file.readframes(file.getnframes()))
        if sys.byteorder == "big":
            samples.byteswap()
        return samples[:: file.getnchannels()], file.getframerate()


def share_of_tone(samples, frequency, rate):
    """How much of the energy of the samples is at the frequency: 1 for a pure tone, 0 for none."""
    energy = sum(sample * sample for sample in samples)
    if energy < len(samples) * SILENCE * SILENCE:
        return 0.0
    coefficient = 2 * math.cos(2 * math.pi * frequency / rate)
    before, last = 0.0, 0.0
    for sample in samples:
        before, last = last, sample + coefficient * last - before
    power = last * last + before * before - coefficient * last * before
    return 2 * power / (len(samples) * energy)


def seconds_of_tone(path, frequency):
    """For how long the recording is, in the main, a tone of the frequency."""
    samples, rate = read_mono(path)
    size = round(rate * WINDOW)
    windows = (samples[start : start + size] for start in range(0, len(samples) - size + 1, size))
    return WINDOW * sum(share_of_tone(window, frequency, rate) >= SHARE for window in windows)
