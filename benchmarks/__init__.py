"""Speed, size and memory of byline beside other search engines: `python benchmarks/run.py`."""
