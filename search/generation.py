"""What answers over one generation of a library share."""

from __future__ import annotations

from functools import cached_property

from index.analysis import Analyzer, light_stemmer, stop_words
from index.reading import LibraryReader
from search.boilerplate import Boilerplate
from search.evaluate import Evaluator
from search.interpret import Interpreter
from search.ranking.pipeline import Pipeline
from search.typos import Corrector


class Generation:
    """All that belongs to one generation of the library."""

    def __init__(self, reader: LibraryReader) -> None:
        self.reader = reader
        self.analyzer = Analyzer(reader.language, light_stemmer(reader.language))
        reader.stem = self.analyzer.stem
        self.evaluator = Evaluator(reader)
        self.pipeline = Pipeline(self.evaluator, lambda: self.stop_stems)
        self.boilerplate = Boilerplate(reader, self.analyzer, self.evaluator)
        self.corrector = Corrector(reader, self.analyzer.stem)
        self.interpreter = Interpreter(reader, self.analyzer, self.corrector, stop_words(reader.language))

    @cached_property
    def stop_stems(self) -> frozenset[str]:
        """The stems of the words without content."""
        return frozenset(self.analyzer.stem(word) for word in stop_words(self.reader.language))
