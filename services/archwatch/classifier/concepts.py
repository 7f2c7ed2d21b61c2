"""Words of the field in twelve languages, by what they stand for.

A name stands for its side (Lavrov, Kremlin, Москва: `russia`), so that a model learns roles and not
names, and learns from English what it then sees in other languages. `*` ends a stem; an entry of two
words matches two neighbours; one in capitals matches only capitals (US is not us). A change here
changes the features: raise `SCHEMA` in features.py and train anew.
"""

from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_CONCEPTS: Final = {
    # who
    "alliance": """
        nato otan нато natos nato-* нато-* atlantic atlantik* nordatlant* североатлант* північноатлант*
        północnoatlant* stoltenberg* столтенберг* rutte* рютте* SHAPE SACEUR""",
    "osce": """
        osce osze обсе обсє obwe csce ksze AGİT""",
    "russian-bloc": """
        csto одкб odkb ovks owks warsaw_pact варшавск* belarus* weißrussland* беларус* белорус* białoru*
        biélorus* bielorrus* bieloruss* lukashenk* lukaschenk* лукашенк* łukaszenk* minsk*""",
    "russia": """
        russia* russland* russisch* russe russes russie rusia* ruso rusos rusa russo russi rússia* russa
        росси* росій* русия* руск* росія* rosj* rosyj* rusya* rus rusi* moscow* moskau* moscou* moscú mosca
        moskw* moskova* moscova* москв* kremlin* kreml* кремл* kremlj* putin* путін* путин* poutine* lavrov*
        lawrow* lavrow* ławrow* лавров* peskov* peskow* песков* пєсков* ryabkov* rjabkow* рябков* riabkov*
        medvedev* медведев* medwedew* zakharova* захаров* sacharowa* soviet* sowjet* советск* sovyet* ussr
        ссср udssr zsrr urss gorbachev* gorbatsch* горбач* gorbaczow* shoigu* шойгу belousov* lukashevich*
        РФ""",
    "usa": """
        united_states washington* вашингтон* waszyngton* amerika* amerik* америк* american* ameryk* américa*
        americain* américain* estadounid* statunit* сша pentagon* пентагон* biden* байден* trump* трамп*
        obama* обама* bush* буш* reagan* рейган* blinken* блинкен* rubio* рубио austin* hegseth* clinton*
        white_house вашінгтон* états-unis etats-unis estados_unidos stati_uniti US USA EEUU ABD SUA""",
    "eu": """
        európ* european_union евросоюз* євросоюз* brussels* brüssel* bruselas bruxelles брюссел* bruksel*
        european_commission bruxel* avrupa* EU UE ЕС ЄС AB""",
    "europe": """
        europe* europa* europä* европ* європ* europej* germany german* deutsch* berlin* немец* герман*
        niemc* niemie* allemagne* allemand* aleman* alemán* french france* frankreich* franz* франц* francj*
        francia* paris* макрон* macron* scholz* шольц* merz* мерц* merkel* меркел* british britain*
        britisch* london* британ* brytyj* royaume-uni reino_unido starmer* стармер* johnson* poland polish
        polen* poln* польш* польщ* polsk* polon* warsaw* warschau* варшав* warszaw* baltic* baltik* балт*
        bałty* lithuania* litauen* литв* litw* latvia* lettland* латв* łotw* estonia* estland* эстон* eston*
        finland* finnland* финлян* фінлян* finlan* finn* sweden* schwed* swed* швец* szwec* suède suecia
        svezia romania* rumän* румын* rumun* roumani* rumani* românia* italy italian* italia* italie*
        italien* италь* итал* włoch* spain spanish spanien* испан* hiszpa* españ* espagn* czech* tschech*
        чех* чеш* czes* hungar* ungar* венгр* węgier* węgr* norw* норве* turkey türkei türkiye* турц* turcj*
        turqui* denmark danish dänemark* denemark* netherlands dutch niederland* greece bulgari* болгар*
        българ* slovak* switzerland schweiz* austria* österreich* kaliningrad* калининград* bundeswehr* west
        запад* захід* zachó* zachod* occident* batı* UK western westen westens westlich* turk*""",
    "ukraine": """
        ukrain* украин* україн* ukrai* ucran* ucrân* ucraina* kyiv* kiev* kiew* киев* київ* kijow* kijó*
        zelensk* selensk* зеленск* зеленськ* zełensk* kuleba* кулеб* poroshenk* порошенк* yanukovich*
        yanukovych*""",
    "neighbours": """
        georgia* georgien* грузи* gruz* géorgi* tbilisi* moldov* moldau* молдав* молдов* mołda* chisinau*
        armenia* armenien* армен* вірмен* armeni* arméni* azerbai* aserbai* азерб* azerb* serbia* serbien*
        серб* bosnia* kosov* косов* karabakh* karabach* карабах* karabag* transnistri* transnistr*
        приднестр* naddniestr* transdniest* abkhaz* abchas* абхаз* abchaz* ossetia* südosset* осети* oset*
        nagorn* нагорн*""",
    "contested": """
        donbas* донбас* donetsk* donezk* донецк* donieck* luhansk* lugansk* луганск* crimea* krim krim-*
        крым* крим* krym* crimée* krime* sevastopol* севастопол* minsk_agreement* minsk_accord* minsk_deal*
        normandy_format normandy_four azov*""",
    "elsewhere": """
        iran* иран* іран* israel* израил* israël* izrael* gaza* газа hamas* palestin* syria* syrien* сири*
        syri* iraq* irak* ирак* afghan* афган* afgan* taliban* china* chines* chin* кита* taiwan* тайван*
        korea* коре* pyongyang* kim japan* японi* япон* japon* india* индий* indien* pakistan* libya*
        libyen* yemen* jemen* saudi* africa* afrika* африк* mali sudan* mexico* mexik* venezuela* venezol*
        венесуэл* cuba* kuba* куба myanmar* philippin* asean pacific* libanon* lebanon* turkmen* kazakh*
        казах*""",
    # about what
    "bloc": """
        alliance alliances alliiert* verbündet* allied ally allies альянс* союзник* sojusz* bündnis* alianza*
        aliad* alleanz* alleat* allié* aliança* союзу союзом ittifak* müttefik* съюзни* алианс*""",
    "security": """
        security* sicherheit* безопасност* безпек* безпеков* bezpieczeń* sécurit* seguridad* sicurezza*
        segurança* securit* güvenli* сигурност*""",
    "order": """
        security_architecture security_order sicherheitsarchitektur* friedensordnung* spheres_of sphere_of
        influence_sphere einflusssphär* einflussbereich* einflusszon* architektur* архитектур* архітектур*
        architettur* arquitectura* mimari* sfer* сфер* european_security helsinki* хельсинк* unipolar*
        multipolar* многополяр* cold_war kalter_krieg kalten_krieg* холодн* zimn* guerre_froide guerra_fría
        guerra_fredda buffer_zone yalta* ялт* jałt* partition*""",
    "guarantee": """
        guarant* garant* гарант* gwaranc* gwarant* güvence* assurance* budapest_memorandum settlement*
        peace_treaty peace_deal peace_plan friedensplan* friedensvertrag*""",
    "joining": """
        join join* accession* accede* membership* bid enlarg* expan* eastward* ostwärts osterweiter*
        erweiter* beitritt* beitret* beizutret* mitgliedschaft* вступ* членств* расшир* розшир* присоедин*
        приєдн* akces* członkost* przystąp* przystępo* rozszerz* wstąp* adhés* adhér* élarg* ampliac*
        ampliam* adhesi* ingres* adesion* aderi* allarg* adesã* alargam* aderă* aderar* extind* üyeli* üye
        genişle* katılım* присъедин* разшир*""",
    "neutral": """
        neutral* нейтрал* нейтральн* neutr* non-aligned blockfrei* внеблок* позаблок* tarafsız*""",
    "arms-control": """
        arms_control inf_treaty new_start start_treaty strategic_arms open_skies disarm* abrüst*
        rüstungskontroll* разоруж* rozbroj* désarm* desarm* silahsız* euromissile* nichtverbreit* moratori*
        мораторий* kontroli_zbrojeń INF CFE START СНВ РСМД ДРСМД SALT ABM открытое_неб* открытому_неб*
        открытом_неб* роззброє* non-proliferat* nonproliferat*""",
    "missile": """
        missile* rakete* raketen* ракет* rakiet* misil* missil* füze* rachet* iskander* искандер* oreshnik*
        орешник* oreschnik* tomahawk* patriot* aegis* cruise""",
    "shield": """
        shield* missile_defen* anti-missile antimissile* raketenabwehr* raketenschild* schutzschild*
        противоракет* протиракет* tarcz* antyrakiet* bouclier* escudo* scudo* kalkan* scut* skyshield ПРО""",
    "nuclear": """
        nuclear* nuke* nukes atom* ядерн* атомн* jądrow* nukle* nuclé* nucle* warhead* sprengkopf* боеголов*
        głowic* icbm*""",
    "treaty": """
        treat* pact pact* accord* agreement* vertrag* verträg* abkommen* договор* соглаш* угод* пакт*
        traktat* umow* traité* tratad* trattat* tratat* acuerd* anlaşma* споразум* mémorand* memorand*""",
    "talks": """
        talk* negotiat* dialog* summit* meet meet* gespräch* verhandl* gipfel* treff* переговор* перемов*
        саммит* саміт* встреч* зустріч* диалог* діалог* rozmów* negocj* szczyt* spotka* négoci* sommet*
        pourparl* negocia* cumbre* reunión* vertic* negozia* colloqu* cúpula* görüşm* zirve* müzakere*
        преговор* среща* diplom* диплом* dyplom* ambassador* envoy* rozmow*""",
    "demand": """
        demand* ultimat* insist* forder* verlang* треб* ультимат* вимаг* żąda* exig* chied* richiest*
        pretend* talep* red_line* rote_linie* красн* червон* czerwon* lignes_rouges línea_roja línea*
        proposal* предлож* propoz*""",
    "reject": """
        reject* refus* rebuff* rules_out rule_out ruled_out dismiss* ablehn* lehnt lehnen zurückweis* weist
        отказ* отверг* відмов* відкид* odrzuc* odmaw* rejet* rechaz* rifiut* reddet* отхвърл* suspend*
        withdraw* pull_out quit quits exit ausstieg* austritt* выход* виход* выйт* kündig* retrait* retir*
        ritir* приостан* призупин*""",
    "threat": """
        threat* warn* droh* bedroh* угро* угрож* пригроз* погроз* предупре* попере* groź* groż* grozi*
        zagroż* ostrze* menac* amenaz* minacci* ameaç* tehdit* uyar* заплах* blackmail* erpress* шантаж*
        szantaż* chantag* escalat* eskal* эскалац* escalad* provok* provoc* invade* invasion* einmarsch*
        вторж* inwazj* retaliat* consequence* pressure* tension* spannung* напряж* напруж*""",
    "deploy": """
        deploy* station stationed stationing build-up buildup reinforc* stationier* entsend* verleg*
        aufmarsch* развер* размещ* розміщ* розгорт* стягив* переброс* rozmieś* rozmieszcz* stacjon* déplo*
        despleg* despliegu* schier* dispieg* konuşland* разполаг* brigad* бригад* brygad* battlegroup*
        battalion* bataill* batalion* base bases military_presence permanent* eastern_flank flank* flanke*
        ostflanke* фланг* flanc bomber* fleet warship* border_with mass massing""",
    "troops": """
        troop* forces force army armies soldier* military militar* militär* truppe* soldat* armee*
        streitkräft* войск* воен* військ* войн* арм* солдат* wojsk* żołnierz* armé* militair* fuerzas tropas
        ejércit* esercit* truppe exércit* asker* ordu* peacekeep* миротвор*""",
    "exercise": """
        exercise* drill drills wargame* war_games manöver* übung* учени* навчан* маневр* ćwicze* manewr*
        manœuvre* manoeuvre* exercic* maniobra* ejercici* esercitaz* exercíc* tatbikat* zapad""",
    "european-defence": """
        european_army eu_army european_defen* strategic_autonomy coalition_of defen*_spending
        defense_spending defence_spending military_spending defense_budget defence_budget burden-sharing
        burden_sharing verteidigungsausgab* europaarmee* aufrüst* rearm* wehrpflicht* article_5 article_five
        artikel_5 collective_defen* оборонн* obronn* verteidigung* défense difesa_europea defensa_europea
        savunma* artykuł_5 artykułu_5""",
    "arming": """
        weapon* arms arming waffe* waffen* оруж* зброя* зброї* озброє* вооруж* broń broni armes armas armi
        arme silah* tank* tanks panzer* танк* czołg* chars carri f-16* f16 himars* atacms* taurus* javelin*
        leopard* leopard-* military_aid militärhilfe* munition* ammunition* lethal* supplies supply
        lieferung* liefer* поставк* dostaw*""",
    "annexation": """
        annex* анне* анекс* aneks* recogni* anerkenn* признан* визнан* uznan* referend* референдум*
        secession* separatis* сепаратист* independence unabhängigkeit* независим* незалежн* niepodległ*
        sovereign* souverän* суверен* occupied_territor* status""",
    "sanction": """
        sanction* sanktion* санкц* sankcj* sancion* sanzion* sanç* yaptırım* expel* embargo*""",
    # what it is usually not
    "battlefield": """
        killed dead wound* injur* shell shelling shelled casualt* civilian* bomb bombed bombing* drone*
        strike strikes airstrike* getötet* verletzt* tote toten beschuss* drohn* погиб* ранен* обстрел*
        обстріл* загин* поран* беспилотн* дрон* удар* zginę* rann* ostrzał* dron* tué* bless* muert* herid*
        mort* ferit* ucciso öldü* yaral* offensive* frontlin* prisoner* hostage* crash* evacuat* artiller*""",
    "crime": """
        police* polizei* полиц* поліц* policj* policía polizia court* gericht* суд* sąd* tribunal* arrest*
        festnahm* арест* areszt* jail* prison* murder* mord* shooting* terror* террор* trial lawsuit*
        corrupt* коррупц* korrup* fraud* theft smuggl* gun attorney* judge* polis mahkeme*""",
    "computing": """
        cyber* hack* hacker* ransomware* malware* phishing* software* kibers* кибер* хакер* cloud firewall*
        vulnerab* patch* server* data password* microsoft google* apple internet* zero_trust it-sicherheit*
        botnet* bug exploit* online facebook twitter""",
    "business": """
        stock* share shares profit* bank* market* börse* aktie* акци* рынок* рынк* ринк* giełd* bourse*
        bolsa* borsa* oil gas gazprom* инфляц* inflation* trade handel* торгов* handl* commerc* comerc*
        commerci* price* preis* ціни cen cena company* unternehmen* компан* sales revenue* econom*
        wirtschaft* эконом* економ* gospodar* investor* billion milliard* tariff* zoll* zölle пошлин* grain
        wheat dollar* rubl* euro цена цены цен""",
    "sport": """
        football* fussball* fußball* футбол* piłk* fútbol* calcio futebol* futbol* match* league liga лига
        ліга cup coach* trainer* тренер* trener* player* spieler* игрок* olymp* олимп* tennis* championship*
        weltmeister* чемпион* чемпіон* mistrzost* goal* medal* team* mannschaft* сборн* збірн* club* game
        games tore""",
    "culture": """
        film* movie* музык* music* musik* album* singer* actor* actress* schauspiel* concert* konzert*
        концерт* концерт book* kino* кино* teatr* theat* museum* festival* star stars celebrit* fashion* tv
        show award* quiz* recipe* health* hospital* школ* school* student* universit* climate weather*
        wetter* погод*""",
}

SIDES: Final = frozenset(
    {
        "alliance",
        "russian-bloc",
        "russia",
        "usa",
        "eu",
        "europe",
        "ukraine",
        "neighbours",
        "contested",
        "elsewhere",
    }
)


def concepts_of(words: Sequence[str]) -> list[str | None]:
    """What each of `words` (as written) stands for; None for a word of no concept."""
    found: list[str | None] = []
    for word, after in zip(words, [*words[1:], ""], strict=True):
        folded = word.casefold()
        two = _phrase(f"{folded} {after.casefold()}") if folded in _FIRST_OF_TWO else None
        found.append(two or _concept(word))
    return found


def _table() -> tuple[dict[str, str], dict[str, str]]:
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    for concept, entries in _CONCEPTS.items():
        for entry in entries.split():
            phrase = entry.replace("_", " ")
            if phrase.endswith("*"):
                stems.setdefault(phrase[:-1], concept)
            else:
                words.setdefault(phrase, concept)
    return words, stems


_words, _stems = _table()
_WORDS: Final = MappingProxyType(_words)
_STEMS: Final = MappingProxyType(_stems)
_FIRST_OF_TWO: Final = frozenset(key.partition(" ")[0] for key in (*_words, *_stems) if " " in key)
_LONGEST: Final = max(map(len, _stems))
_SHORTEST: Final = min(map(len, _stems))


@lru_cache(maxsize=1 << 16)
def _concept(word: str) -> str | None:
    if word.isupper() and word in _WORDS:
        return _WORDS[word]
    folded = word.casefold()
    return _WORDS.get(folded) or _longest_stem(folded, _SHORTEST)


def _phrase(two_words: str) -> str | None:
    return _WORDS.get(two_words) or _longest_stem(two_words, two_words.index(" ") + 2)


def _longest_stem(words: str, shortest: int) -> str | None:
    for length in range(min(len(words), _LONGEST), shortest - 1, -1):
        concept = _STEMS.get(words[:length])
        if concept is not None:
            return concept
    return None
