"""Scores of quotes: spans one to one, speakers by name, head noun or code."""

from archwatch.contracts.event import Quote, Speaker
from archwatch.extractor.scoring_quotes import GoldQuote, QuoteScore, score_quotes, speaker_matches


def found(start: int, end: int, speaker: str | None = "Anna Berg", code: str | None = None) -> Quote:
    who = Speaker(text=speaker, code=code) if speaker else None
    return Quote(text="x", speaker=who, kind="direct", start=start, end=end)


def test_a_quote_is_matched_once_and_by_half_its_characters() -> None:
    gold = [GoldQuote(0, 100, "direct", "Berg"), GoldQuote(200, 300, "indirect", "Hale")]
    score = score_quotes(gold, [found(0, 90), found(50, 100), found(280, 400)])
    assert score == QuoteScore(gold=2, found=3, matched=1, speakers=1, named=1)
    assert (score.precision, score.recall, round(score.f1, 3)) == (1 / 3, 0.5, 0.4)
    assert score.speaker_right == 1.0


def test_of_one_kind() -> None:
    gold = [GoldQuote(0, 100, "direct", "Berg"), GoldQuote(200, 300, "indirect", "Hale")]
    assert score_quotes(gold, [found(200, 300)], kind="direct") == QuoteScore(gold=1)
    assert score_quotes(gold, [found(200, 300)], kind="indirect").matched == 1


def test_nothing_divides_by_nothing() -> None:
    score = score_quotes([], [])
    assert (score.f1, score.precision, score.recall, score.speaker_right) == (0, 0, 0, 0)


def test_speakers() -> None:
    gold = GoldQuote(0, 9, "direct", "a senior official in Kyiv", "UKR")
    assert speaker_matches(gold, Speaker(text="senior official"))
    assert speaker_matches(gold, Speaker(text="the army", code="UKR"))
    assert not speaker_matches(gold, Speaker(text="the army", code="UKR"), by_code=False)
    assert not speaker_matches(gold, Speaker(text="an army in Kyiv"))
    assert not speaker_matches(gold, None)
    assert speaker_matches(GoldQuote(0, 9, "direct"), None)


def test_scores_add_up() -> None:
    assert QuoteScore(1, 2, 1, 1, 0) + QuoteScore(2, 2, 2, 1, 1) == QuoteScore(3, 4, 3, 2, 1)
