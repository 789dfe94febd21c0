"""English words that are written in two ways: British and American spellings, and short forms of the wires.

Rules give the other spellings that a word might have, both ways; whether they are words at all is for a
library to say (`search/variants.py`). Where an ending tells nothing by itself (*hour* and *flour* are no
*hor* and *flor*), the words that a rule is for are listed, in any compound and with any ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

#: Roots that end in -our in British and -or in American English.
_OUR = """arb ard arm behavi cand clam clang col demean dol enam endeav fav ferv flav glam harb hon hum lab
    misdemean neighb od parl ranc rig rum savi sav splend succ tum val vap vig"""
#: Roots that end in -re in British and -er in American English; the American roots lose nothing else.
_RE = """calib cent fib goit lit lust manoeuv maneuv louv meag met mit nit och reconnoit sab saltpet
    scept sepulch somb spect theat"""
#: British roots and the American ones that stand for them, wherever they stand in a word.
_ROOTS = """accoutre=accouter acknowledgement=acknowledgment aeroplan=airplan aesthet=esthet aetiolog=etiolog
    afterwards=afterward ageing=aging aluminium=aluminum amoeb=ameb anaem=anem anaesth=anesth
    appall=appal archaeolog=archeolog artefact=artifact bedevill=bedevil burnt=burned caesarean=cesarean
    cancellation=cancelation carburett=carburet centrefold=centerfold centrepiece=centerpiece
    centring=centering chequebook=checkbook chilli=chili connexion=connection cosie=cozie cosy=cozy
    councillor=councilor counsellor=counselor defence=defense dialled=dialed dialling=dialing
    diarrhoea=diarrhea distil=distill doughnut=donut dreamt=dreamed duelled=dueled duelling=dueling
    encyclopaed=encycloped enquir=inquir enrol=enroll enrolment=enrollment faec=fec favourit=favorit
    fibreglass=fiberglass focuss=focus foet=fet fuelled=fueled fuelling=fueling fulfil=fulfill
    furore=furor gaol=jail gramme=gram grey=gray gruelling=grueling guerrilla=guerilla gynaec=gynec
    haemat=hemat haemo=hemo homoeo=homeo imperill=imperil inflexion=inflection initialled=initialed
    instal=install instil=instill jewellery=jewelry judgement=judgment judgemental=judgmental
    kerbside=curbside learnt=learned leukaem=leukem licence=license likeab=likab manoeuvrab=maneuverab
    manoeuvre=maneuver manoeuvring=maneuvering maths=math mediaev=mediev mould=mold moult=molt
    moustach=mustach oesophag=esophag oestr=estr offence=offense omelette=omelet orthopaed=orthoped
    paediatr=pediatr paedophil=pedophil palaeo=paleo panellist=panelist paycheque=paycheck
    pedlar=peddler pencill=pencil phoney=phony plough=plow practis=practic pretence=pretense
    primaev=primev programme=program pyjama=pajama sceptic=skeptic septicaem=septicem sheikh=sheik
    skilful=skillful smoulder=smolder snowplough=snowplow specialities=specialties speciality=specialty
    spilt=spilled spoilt=spoiled stencill=stencil sulph=sulf syphon=siphon theatrego=theatergo
    towards=toward tranquilli=tranquili tyre=tire useab=usab waggon=wagon whiskies=whiskeys
    whisky=whiskey wilful=willful woollen=woolen woolly=wooly yoghurt=yogurt"""
#: Words and what wire services shorten them to.
_SHORT_FORMS = (
    ("percent", "pct"),
    ("million", "mln"),
    ("millions", "mlns"),
    ("billion", "bln", "bn"),
    ("dollar", "dlr"),
    ("dollars", "dlrs"),
)

_VOWELS = re.compile("[aeiouy]+")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


_OURS, _RES = _any_of(_OUR.split()), _any_of(_RE.split())
#: Patterns as text: they are compiled (and kept, by `re`) for the first word that may fit, which few do.
_BRITISH_OUR, _AMERICAN_OR = rf"({_OURS})our", rf"({_OURS})or"
_BRITISH_RE, _AMERICAN_ER = rf"({_RES})re(s|d)?$", rf"({_RES})er(s|ed)?$"
_OGUE, _OG = r"(?<=...)ogu(e|es|ed|ing)$", r"(?<=...)og(|s|ed|ing)$"
_ISE = (
    r"(?<=...)([iy])([sz])(e|ed|es|er|ers|ing|ings|able|ably|ingly|ance|ements?|ations?|ational|ationally)$"
)
_DOUBLED = r"(.*[^aeo][aeo])(ll?)(ed|ing|ings|er|ers|or|ors|ous|ously)$"


def _by_beginning(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return (root, other root) by the first three letters of the root, the longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for root, other in sorted(pairs, key=lambda pair: -len(pair[0])):
        found.setdefault(root[:3], []).append((root, other))
    return {beginning: tuple(roots) for beginning, roots in found.items()}


_PAIRS = [pair.partition("=")[::2] for pair in _ROOTS.split()]
_BRITISH, _AMERICAN = (
    _by_beginning(_PAIRS),
    _by_beginning((american, british) for british, american in _PAIRS),
)
_SHORT = {form: tuple(one for one in group if one != form) for group in _SHORT_FORMS for form in group}


@lru_cache(maxsize=10_000)
def other_spellings(form: str) -> tuple[tuple[str, bool], ...]:
    """Return how else an English word might be written, in small letters, without what is no word at all.

    Each comes with whether its root is one of those listed: then other forms of its stem show that it is a
    word; otherwise only the form itself does. Most words give nothing.
    """
    found: dict[str, bool] = {}
    for other in _by_root(form):
        found.setdefault(other, True)
    for other in _by_ending(form):
        found.setdefault(other, False)
    found.pop(form, None)
    return tuple(found.items())


def _by_root(form: str) -> Iterator[str]:
    yield from _SHORT.get(form, ())
    if len(form) < 4:
        return
    if "our" in form:
        yield re.sub(_BRITISH_OUR, r"\1or", form, count=1)
    elif "or" in form:
        yield re.sub(_AMERICAN_OR, r"\1our", form, count=1)
    if "re" in form[-3:]:
        yield re.sub(_BRITISH_RE, lambda match: f"{match[1]}er{_ED.get(match[2], match[2] or '')}", form)
    if "er" in form[-4:]:
        yield re.sub(_AMERICAN_ER, lambda match: f"{match[1]}re{_D.get(match[2], match[2] or '')}", form)
    for roots in (_BRITISH, _AMERICAN):
        for at in range(len(form) - 2):
            for root, other in roots.get(form[at : at + 3], ()):
                if form.startswith(root, at):
                    yield form[:at] + other + form[at + len(root) :]


_ED, _D = {"d": "ed"}, {"ed": "d"}


def _by_ending(form: str) -> Iterator[str]:
    if len(form) < 6:
        return
    if "og" in form:
        yield re.sub(
            _OGUE, lambda match: "og" + match[1].removeprefix("e" if match[1] in ("e", "es") else ""), form
        )
    if "og" in form:
        yield re.sub(_OG, lambda match: "ogu" + ("e" + match[1] if match[1] in ("", "s") else match[1]), form)
    if "s" in form or "z" in form:
        yield re.sub(_ISE, lambda match: match[1] + ("z" if match[2] == "s" else "s") + match[3], form)
    doubled = re.match(_DOUBLED, form) if "l" in form else None
    if doubled and len(_VOWELS.findall(doubled[1])) > 1:
        yield doubled[1] + ("l" if doubled[2] == "ll" else "ll") + doubled[3]
