"""Names of the months, as feeds write them where the standards ask for English."""

from typing import Final

# January to December, in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian,
# Ukrainian, Romanian, Turkish, Czech, Bulgarian and the Scandinavian languages; short forms as they occur.
# Croatian is left out: its listopad is October, that of Polish and Czech is November.
_NAMES: Final = (
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari styczeń stycznia "
    "sty январь января янв січень січня січ ianuarie ian ocak oca leden ledna януари яну",
    "february feb februar feber février fevrier févr fév febrero febbraio fevereiro fev februari "
    "luty lutego lut февраль февраля фев февр лютий лютого лют februarie şubat şub subat únor února "
    "февруари",
    "march mar märz mär maerz mrz mars marzo março marco maart mrt marzec marca март марта мар "
    "березень березня бер martie mart březen března",
    "april apr avril avr abril abr aprile kwiecień kwietnia kwi апрель апреля апр квітень квітня кві "
    "aprilie nisan nis duben dubna април",
    "may mai mayo maggio mag maio mei maj maja май мая травень травня тра mayıs mayis květen května",
    "june jun juni juin junio giugno giu junho czerwiec czerwca cze июнь июня июн червень червня чер "
    "iunie iun haziran haz červen června юни",
    "july jul juli juillet juil julio luglio lug julho lipiec lipca lip июль июля июл липень липня "
    "лип iulie iul temmuz tem červenec července юли",
    "august aug août aout agosto ago augustus sierpień sierpnia sie август августа авг серпень "
    "серпня сер ağustos ağu agustos srpen srpna augusti",
    "september sept sep septembre septiembre setiembre settembre set setembro wrzesień września wrz "
    "сентябрь сентября сен сент вересень вересня вер septembrie eylül eyl eylul září септември септ",
    "october oct oktober okt octobre octubre ottobre ott outubro out październik października paź "
    "октябрь октября окт жовтень жовтня жов octombrie ekim eki říjen října октомври",
    "november nov novembre noviembre novembro listopad listopada lis ноябрь ноября ноя нояб листопад "
    "листопада лис noiembrie noi kasım kas kasim listopadu ноември ноем",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro grudzień "
    "grudnia gru декабрь декабря дек грудень грудня гру decembrie aralık ara aralik prosinec "
    "prosince декември desember des",
)

MONTHS: Final[dict[str, int]] = {
    name: month for month, names in enumerate(_NAMES, start=1) for name in names.split()
}
