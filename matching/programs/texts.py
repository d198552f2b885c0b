"""How alike the texts of programs are, judged by words of earlier programs only."""

import re
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.programs.records import Program

WORD = r"(?u)[\w+#.]*[\w+#]"  # keeps c++, c# and node.js in one piece
NO_WORDS = re.compile(r"[^\w+#]+")


def named_text(program: Program) -> str:
    """Return the whole text, project names and all."""
    return f"{program.title} {program.description} {program.skills}".lower()


def content_text(program: Program) -> str:
    """Return the whole text without the name of its project: what it is about, not whose it is."""
    return without_names(program, named_text(program))


def title_text(program: Program) -> str:
    """Return the title without the name of the project."""
    return without_names(program, program.title.lower())


def without_names(program: Program, text: str) -> str:
    for name in names_of(program):
        text = text.replace(name, " ")
    return text


def names_of(program: Program) -> tuple[str, ...]:
    """Return what the project is called, the longest name first."""
    names = {program.project_name.lower(), program.project.lower()}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def folded(text: str) -> str:
    """Return the words with one space around each, so that names can be looked up whole."""
    return f" {NO_WORDS.sub(' ', text.lower()).strip()} "


class TextSpace:
    """TF-IDF of earlier texts; sublinear counts, rows of length one.

    `earlier` (n, words) sparse; `vectorizer` knows only the words of the earlier texts.
    """

    def __init__(self, texts: Sequence[str], **options) -> None:
        self.vectorizer = TfidfVectorizer(sublinear_tf=True, **options)
        try:
            self.earlier = self.vectorizer.fit_transform(texts)
        except ValueError:  # no word at all, or none that is used often enough
            self.vectorizer = None
            self.earlier = sparse.csr_matrix((len(texts), 1))

    def vectors(self, texts: Sequence[str]) -> sparse.csr_matrix:
        if self.vectorizer is None:
            return sparse.csr_matrix((len(texts), 1))
        return self.vectorizer.transform(texts)

    def likeness(self, texts: Sequence[str]) -> np.ndarray:
        """Return the cosine of each text to each earlier one, shape (len(texts), n)."""
        return (self.vectors(texts) @ self.earlier.T).toarray()


def content_space(texts: Sequence[str]) -> TextSpace:
    """Words and pairs of words that two earlier programs use at least."""
    return TextSpace(texts, stop_words="english", ngram_range=(1, 2), min_df=min(2, len(texts)))


def word_space(texts: Sequence[str]) -> TextSpace:
    return TextSpace(texts, stop_words="english")


def letter_space(texts: Sequence[str]) -> TextSpace:
    """Runs of letters inside words: titles are short, and seldom repeat whole words."""
    return TextSpace(texts, analyzer="char_wb", ngram_range=(3, 5))


def skill_space(texts: Sequence[str]) -> TextSpace:
    return TextSpace(texts, token_pattern=WORD)
