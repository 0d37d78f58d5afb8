"""Rendering is bounded, and lines are counted once."""

import time

import pytest

from provisioner.resolve.templates import LARGEST, TemplateError, render


def test_a_small_file_cannot_become_a_huge_one() -> None:
    with pytest.raises(TemplateError, match="larger than 4 MiB") as refusal:
        render('{{ v "x" }}\n' * 10_000, lambda name, asking: "x" * 100_000)
    assert refusal.value.line == LARGEST // 100_001 + 1


def test_a_long_template_is_read_in_one_pass() -> None:
    begun = time.process_time()
    assert str(render("a\n{{ v `x` }}\n" * 50_000, lambda name, asking: "b")).count("b") == 50_000
    assert time.process_time() - begun < 2
