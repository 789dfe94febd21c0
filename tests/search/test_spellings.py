"""British and American spellings: pairs that meet both ways, words that only look like it, odd input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spellings import other_spellings

PAIRS = """colour color
favourite favorite
labour labor
neighbourhood neighborhood
behavioural behavioral
unfavourable unfavorable
harbour harbor
centre center
centres centers
centred centered
theatre theater
kilometre kilometer
fibre fiber
fibreglass fiberglass
manoeuvre maneuver
realise realize
organisation organization
organisers organizers
stabilisation stabilization
privatised privatized
capitalising capitalizing
aggrandisement aggrandizement
analyse analyze
paralysed paralyzed
catalogue catalog
catalogues catalogs
dialogue dialog
cataloguing cataloging
travelled traveled
travelling traveling
labelled labeled
modelling modeling
marvellous marvelous
counsellor counselor
equalled equaled
fuelled fueled
defence defense
offence offense
licence license
licences licenses
pretence pretense
practise practice
programme program
programmes programs
grey gray
greyer grayer
tyre tire
tyres tires
aluminium aluminum
anaemia anemia
anaesthetic anesthetic
haemorrhage hemorrhage
paediatric pediatric
encyclopaedia encyclopedia
diarrhoea diarrhea
foetus fetus
oestrogen estrogen
mediaeval medieval
aeroplane airplane
ageing aging
artefact artifact
cosy cozy
doughnut donut
enquiry inquiry
enrolment enrollment
fulfil fulfill
gaol jail
instalment installment
jewellery jewelry
judgement judgment
maths math
mould mold
moustache mustache
plough plow
pyjamas pajamas
sceptical skeptical
skilful skillful
sulphur sulfur
sulphate sulfate
towards toward
whisky whiskey
woollen woolen
connexion connection
learnt learned
percent pct
million mln
billion bn
dollars dlrs"""


@pytest.mark.parametrize("pair", PAIRS.splitlines())
def test_pairs_meet_both_ways(pair: str) -> None:
    british, american = pair.split()
    assert american in dict(other_spellings(british))
    assert british in dict(other_spellings(american))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("hour", "hor"),
        ("four", "for"),
        ("flour", "flor"),
        ("tour", "tor"),
        ("our", "or"),
        ("your", "yor"),
        ("contour", "contor"),
        ("actor", "actour"),
        ("prise", "prize"),
        ("size", "sise"),
        ("wise", "wize"),
        ("raise", "raize"),
        ("filled", "filed"),
        ("filing", "filling"),
        ("polling", "poling"),
        ("refiled", "refilled"),
        ("vogue", "vog"),
        ("frog", "frogue"),
        ("here", "heer"),
        ("winter", "wintre"),
        ("cheque", "check"),
        ("check", "cheque"),
        ("draught", "draft"),
        ("story", "storey"),
        ("vice", "vise"),
    ],
)
def test_words_that_only_look_like_it_do_not_meet(word: str, other: str) -> None:
    assert other not in dict(other_spellings(word))


@given(st.text("aeiourslzgtc", max_size=14))
def test_any_word_gives_other_words_and_never_itself(word: str) -> None:
    found = dict(other_spellings(word))
    assert word not in found
    assert all(other and other == other.lower() for other in found)


@given(st.text(max_size=20))
def test_any_text_is_a_word_to_ask_for(word: str) -> None:
    assert word not in dict(other_spellings(word))
