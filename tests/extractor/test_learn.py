"""A judge learnt from a few headlines of our own: what it is measured on, what becomes of its verdicts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from archwatch.contracts.event import EventType
from archwatch.errors import BadInput
from archwatch.extractor.candidates import Candidate, Question, candidates
from archwatch.extractor.decisions import decided
from archwatch.extractor.gazetteer import Gazetteer
from archwatch.extractor.gold import Case, case_of
from archwatch.extractor.judge import Verdict
from archwatch.extractor.learn import MADE, Learnt, Lessons, learn, read_lessons
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.reading import Reading, read
from archwatch.extractor.weighing import SIGNS, TYPES, weighed

CONFIG = Path(__file__).parents[2] / "config"
PLACES = {"Norway": "NOR", "Serbia": "SRB", "Japan": "JPN", "Canada": "CAN", "Poland": "POL", "Italy": "ITA"}
ACTS: dict[str, EventType | None] = {
    "condemns": "ACCUSE",
    "sends howitzers to": "AID",
    "and the weather in": None,
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load(CONFIG / "actors.yaml")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load(CONFIG / "verbs.yaml")


def cases(outlet: str) -> list[Case]:
    """A headline of each pair of neighbours in PLACES and each of ACTS."""
    names = list(PLACES)
    return [
        case_of(
            {
                "id": f"{outlet} {who} {act}",
                "title": f"{who} {act} {whom}",
                "source": outlet,
                "events": [{"event_type": kind, "actors": [PLACES[who]]}] if kind else [],
            },
            {},
        )
        for who, whom in zip(names, names[1:] + names[:1], strict=True)
        for act, kind in ACTS.items()
    ]


@pytest.fixture(scope="module")
def lessons(gazetteer: Gazetteer, lexicon: Lexicon) -> Lessons:
    wrong = [replace(case, events=()) for case in cases(MADE)[:3]]
    return read_lessons([*cases("one"), *cases("other"), *wrong], gazetteer, lexicon)


@pytest.fixture(scope="module")
def learnt(lessons: Lessons) -> Learnt:
    return learn(lessons)


def test_a_judge_finds_on_another_outlet_what_it_learnt_on_the_first(learnt: Learnt) -> None:
    assert (learnt.held_out.f1 or 0) > 0.8
    assert set(learnt.outlets) == {"one", "other"}


def test_nothing_is_measured_on_headlines_of_our_own_making(learnt: Learnt) -> None:
    assert learnt.held_out.texts == len(cases("one")) + len(cases("other"))
    assert learnt.examples > 2 * learnt.held_out.texts  # but they are learnt from


def test_verdicts_are_the_likeliest_types_of_a_candidate(learnt: Learnt, lessons: Lessons) -> None:
    asked = [example.question for example in lessons.examples if example.case == 0]
    verdicts = learnt.judge.verdicts(asked)
    acts = next(v for q, v in zip(asked, verdicts, strict=True) if q.candidate.codes == {"NOR"})
    assert acts.event_type == "ACCUSE"
    assert acts.of("ACCUSE") == acts.confidence > acts.of("AID")
    assert learnt.judge.verdicts([]) == []


def test_one_outlet_is_not_enough_even_beside_what_we_made(gazetteer: Gazetteer, lexicon: Lexicon) -> None:
    few = read_lessons([*cases("one")[:3], *cases(MADE)[:3]], gazetteer, lexicon)
    with pytest.raises(BadInput, match="is of one outlet"):
        learn(few)


@given(margins=arrays.arrays(float, (6, 1 + len(TYPES)), elements=st.floats(-9, 9) | st.just(-np.inf)))
def test_what_is_weighed_is_finite_and_reads_others_of_the_sentence(
    lessons: Lessons, margins: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> None:
    questions = [example.question for example in lessons.examples[:6]]
    signs = weighed(questions, margins)
    assert signs.shape == (6, len(TYPES), SIGNS)
    assert np.isfinite(signs).all()
    again = weighed(questions[::-1], margins[::-1])
    np.testing.assert_allclose(signs, again[::-1])


def test_a_party_is_weighed_beside_the_surest_other_of_its_sentence(lessons: Lessons) -> None:
    pair = [example.question for example in lessons.examples if example.case == 0]
    assert len(pair) == 2
    margins = np.zeros((2, 1 + len(TYPES)))
    margins[:, 0] = 0.5, -0.7
    signs = weighed(pair, margins)
    assert signs[0, :, 5].tolist() == [-0.7] * len(TYPES)
    assert signs[1, :, 5].tolist() == [0.5] * len(TYPES)
    assert weighed(pair[:1], margins[:1])[0, 0, 5] < -1  # nobody else is there


def test_to_whom_the_patterns_see_something_done_is_weighed(gazetteer: Gazetteer, lexicon: Lexicon) -> None:
    taken = reading("Norway condemns Serbia", True, gazetteer, lexicon)
    parsed = taken.sentences[0]
    asked = [Question(parsed, one) for one in candidates(parsed, taken.signs(0))]
    signs = weighed(asked, np.zeros((2, 1 + len(TYPES))))
    borne = {min(q.candidate.codes): signs[row, TYPES.index("ACCUSE"), 10] for row, q in enumerate(asked)}
    assert borne == {"NOR": 0.0, "SRB": 1.0}
    assert signs[:, :, 10].sum() == 1.0


def test_a_margin_of_what_was_never_taught_does_not_win(lessons: Lessons) -> None:
    margins = np.full((1, 1 + len(TYPES)), -np.inf)
    margins[0, 1] = 0.2
    rival = weighed([lessons.examples[0].question], margins)[0, :, 3]
    assert rival[0] < 0.2
    assert (rival[1:] == 0.2).all()


def reading(text: str, headline: bool, gazetteer: Gazetteer, lexicon: Lexicon) -> Reading:
    end = len(text) if headline else 0
    return read(
        text, headline_end=end, published_at=None, language="en", gazetteer=gazetteer, lexicon=lexicon
    )


def verdict(**shares: float) -> Verdict:
    return Verdict(np.array([shares.get(kind, 0.0) for kind in TYPES]))


def judged(found: list[Candidate], code: str, one: Verdict) -> list[tuple[Candidate, Verdict]]:
    return [(c, one if code in c.codes else verdict()) for c in found]


@pytest.mark.parametrize(("share", "told"), [(0.3, 1), (0.2, 0)])
def test_a_headline_tells_what_the_judge_is_sure_of(
    share: float, told: int, gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    taken = reading("Norway condemns Serbia", True, gazetteer, lexicon)
    parsed, signs = taken.sentences[0], taken.signs(0)
    verdicts = judged(candidates(parsed, signs), "NOR", verdict(ACCUSE=share))
    assert len(decided(parsed, signs, verdicts, sure=0.25, opening=False)) == told


@pytest.mark.parametrize(("share", "told"), [(0.1, ["ACCUSE"]), (0.01, [])])
def test_in_prose_a_plain_pattern_stands_unless_the_judge_holds_it_most_unlikely(
    share: float, told: list[str], gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    taken = reading("Norway condemned Serbia on Monday.", False, gazetteer, lexicon)
    parsed, signs = taken.sentences[0], taken.signs(0)
    verdicts = judged(candidates(parsed, signs), "NOR", verdict(ACCUSE=share))
    found = decided(parsed, signs, verdicts, sure=0.25, opening=False)
    assert [draft.event_type for draft in found] == told


def test_the_judge_decides_the_type_where_the_pattern_has_another(
    gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    taken = reading("Norway condemns Serbia", True, gazetteer, lexicon)
    parsed, signs = taken.sentences[0], taken.signs(0)
    verdicts = judged(candidates(parsed, signs), "NOR", verdict(REJECT=0.6, ACCUSE=0.3))
    [draft] = decided(parsed, signs, verdicts, sure=0.25, opening=False)
    assert (draft.event_type, draft.confidence, draft.mode) == ("REJECT", 0.6, None)
    assert [ref.code for ref in draft.recipients.refs] == ["SRB"]
