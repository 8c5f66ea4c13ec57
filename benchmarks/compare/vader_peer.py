#!/usr/bin/python3
"""VADER over JSON lines, as one would write it: one thread, the field "text", a label a line.

    vader_peer.py LEXICON.txt < posts.jsonl > labels.txt

The scorer is NLTK's (Debian: python3-nltk), which is that of Hutto and Gilbert; LEXICON has its lines "token<TAB>valence".
Thresholds of .05 are its authors'.
"""

import json
import sys

from nltk.sentiment.vader import SentimentIntensityAnalyzer

scorer = SentimentIntensityAnalyzer(lexicon_file="file:" + sys.argv[1])
for line in sys.stdin:
    compound = scorer.polarity_scores(json.loads(line)["text"])["compound"]
    print("positive" if compound >= 0.05 else "negative" if compound <= -0.05 else "neutral")
