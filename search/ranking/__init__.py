"""The order of an answer, stage by stage; each stage is a few pure functions on arrays.

    BM25 (`search.bm25`)  every article found, by its words
    dependence            the best thousand: words that stand together as they do in the query
    neighbours            the best hundred: articles like them support each other
    feedback              what follows: words typical of the best ten

`search.ranking.pipeline` puts them together over a library, `search.ranking.explain` says what each gave.
"""
