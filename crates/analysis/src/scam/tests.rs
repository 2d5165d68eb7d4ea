//! The ten signs, honest look-alikes, links, bad days, and a judge beside null and a list of words.

use super::*;
use std::path::PathBuf;

fn plain(language: Lang, text: &str) -> ScamVerdict {
    check(text, &Tokens::of(text), Some(language), &ScamContext::default())
}

#[track_caller]
fn expect(language: Lang, text: &str, kinds: &[SignKind], verdict: Verdict) {
    let found = plain(language, text);
    assert_eq!(found.verdict, verdict, "{text}: {found:#?}");
    for kind in kinds {
        assert!(found.signs.iter().any(|sign| sign.kind == *kind), "{kind:?} in {text}: {found:#?}");
    }
}

#[test]
fn the_ten_signs_are_found() {
    use SignKind::{
        AdvancePayment, Bait, BorrowedBrand, FakePurchase, FalseGuarantee, Impersonal, PersonalData,
        UnknownMeans, Urgency,
    };
    for (text, kinds) in [
        (
            "¡Felicidades! Usted ha sido seleccionado para un iPhone, solo pague el envío hoy mismo",
            &[Bait, AdvancePayment][..],
        ),
        (
            "Estimado cliente: su cuenta será suspendida. Verifique su identidad y clave en las próximas 12 horas",
            &[BorrowedBrand, PersonalData, Urgency],
        ),
        ("Te mandé por error un código de 6 números, ¿me lo puedes reenviar?", &[PersonalData]),
        (
            "Por error te hice una transferencia de más, devuélveme la diferencia al número del fletero",
            &[FakePurchase],
        ),
        (
            "Compre tarjetas de regalo y dicte los códigos para liberar su premio",
            &[UnknownMeans, PersonalData],
        ),
        (
            "Gana $80 diarios dando like a videos, sin experiencia, cupos limitados, escríbeme al WhatsApp",
            &[Bait, Urgency, Impersonal],
        ),
        (
            "Duplicamos tus USDT en 24 horas, ganancia asegurada, mandás 100 recibís 200",
            &[Bait, FalseGuarantee],
        ),
        (
            "Hola mamá, se me rompió el celular, este es mi número nuevo. Necesito pagar algo hoy, ¿me puedes depositar?",
            &[Impersonal, AdvancePayment],
        ),
    ] {
        expect(Lang::ES, text, kinds, Verdict::Probable);
    }
    expect(
        Lang::EN,
        "Dear customer, your account is suspended. Verify your password now or you will lose access",
        &[BorrowedBrand, PersonalData],
        Verdict::Probable,
    );
    expect(
        Lang::EN,
        "Send 0.2 ETH and receive 0.4 ETH back, only 3 hours left",
        &[Bait, Urgency],
        Verdict::Probable,
    );
    expect(
        Lang::PT,
        "Parabéns, você foi selecionado! Só paga o frete de 39,90",
        &[Bait, AdvancePayment],
        Verdict::Probable,
    );
}

#[test]
fn honest_look_alikes_are_left_alone() {
    for text in [
        "En Banco Valdemar nunca te pediremos la clave por SMS ni por teléfono. Si recibes un mensaje así, bórralo",
        "Ojo: «familiar en apuros», «paquete retenido» y «código por error» son los engaños más reportados según la fiscalía",
        "A mi mamá le sacaron 12 mil pesos con eso de «soy tu sobrino, estoy en un apuro»",
        "🎁 SORTEO en la panadería: comenten su pan favorito. No pedimos ningún dato ni pago. El premio se retira acá mismo",
        "El bitcoin cerró a 60.000 dólares tras el dato de inflación",
        "Casi caigo con el enlace ese de la multa de tránsito",
        "¿cuánto demora indecopi en responder un reclamo contra una tienda online?",
        "Hoy hay reunión de vecinos a las siete",
    ] {
        expect(Lang::ES, text, &[], Verdict::None);
    }
    expect(Lang::EN, "Remember: we will never ask for your PIN or password by text", &[], Verdict::None);
    expect(Lang::PT, "Cuidado com o golpe do falso motoboy, o banco nunca pede a senha", &[], Verdict::None);
}

#[test]
fn links_betray() {
    let link = |text: &str| {
        let found = plain(Lang::ES, text);
        found
            .signs
            .iter()
            .find(|sign| sign.kind == SignKind::Link)
            .map(|sign| (sign.weight, sign.evidence[0].reason.text.clone()))
    };
    let over = |text: &str, least: f32, words: &str| {
        let (weight, quoted) = link(text).unwrap_or_else(|| panic!("{text}"));
        assert!(weight >= least, "{text}: {weight}");
        assert_eq!(quoted, words, "{text}");
    };
    over("mira bit.ly/abc", 0.5, "bit.ly/abc");
    over("entra a http://192.168.3.4/banco ya", 1.0, "http://192.168.3.4/banco");
    over("paga en https://xn--pypal-4ve.com", 0.7, "https://xn--pypal-4ve.com");
    over("ve a paypa1-seguridad.com.", 0.7, "paypa1-seguridad.com");
    over("premios-oficial.example", 0.7, "premios-oficial.example");
    assert!(link("lee https://www.paypal.com/mx").is_none_or(|(weight, _)| weight < SIGN_WEIGHT_MIN));
    assert!(link("lo dijo.luego se fue").is_none());
    let shown = [ShownLink { shown: "www.mibanco.com", address: "https://otra-cosa.xyz/a" }];
    let text = "Entra a www.mibanco.com";
    let context = ScamContext { links: &shown, ..ScamContext::default() };
    let found = check(text, &Tokens::of(text), Some(Lang::ES), &context);
    assert!(found.signs.iter().any(|sign| sign.kind == SignKind::Link && sign.weight >= 1.0), "{found:?}");
}

#[test]
fn what_is_known_around_a_text_counts() {
    let brands = ["Telebit".to_owned()];
    let hosts = ["telebit.mx".to_owned()];
    let text = "Telebit te avisa: actualiza tu contraseña en telebit-acceso.top";
    let context = ScamContext {
        brands: &brands,
        brand_hosts: &hosts,
        precedent: Some(3),
        author: Some(AuthorFacts { age_days: Some(2), posts: Some(0), ..AuthorFacts::default() }),
        links: &[],
    };
    let found = check(text, &Tokens::of(text), Some(Lang::ES), &context);
    assert_eq!(found.verdict, Verdict::Probable);
    let kinds: Vec<SignKind> = found.signs.iter().map(|sign| sign.kind).collect();
    for kind in [SignKind::Precedent, SignKind::FalseProfile, SignKind::BorrowedBrand, SignKind::Link] {
        assert!(kinds.contains(&kind), "{kind:?}: {found:#?}");
    }
    let own = "Telebit te avisa: hay novedades en telebit.mx";
    assert_eq!(
        check(
            own,
            &Tokens::of(own),
            Some(Lang::ES),
            &ScamContext { author: None, precedent: None, ..context }
        )
        .verdict,
        Verdict::None
    );
    let verified = AuthorFacts { age_days: Some(2), verified: Some(true), ..AuthorFacts::default() };
    let context = ScamContext { author: Some(verified), ..ScamContext::default() };
    assert!(check("hola", &Tokens::of("hola"), Some(Lang::ES), &context).signs.is_empty());
}

#[test]
fn features_follow_the_list() {
    let found = plain(Lang::ES, "Pase su clave y el código que llegó");
    let features = found.features();
    let personal = features[SignKind::PersonalData as usize];
    assert!(personal >= 1.0 && features.iter().sum::<f32>() >= personal);
    assert_eq!(SignKind::ALL.map(SignKind::number)[9..], [Some(10), None, None]);
}

#[test]
fn evidence_lies_on_characters() {
    for text in [
        "¡¡FELICIDADES!! 🎁ganaste ñandú: premios-oficial.example",
        "Envíe su contraseña… ¡ya! → bit.ly/ñ",
        "🎁bit.ly/x🎁",
    ] {
        let found = plain(Lang::ES, text);
        assert!(!found.signs.is_empty(), "{text}");
        for evidence in found.signs.iter().flat_map(|sign| &sign.evidence).chain(&found.against) {
            let bytes = evidence.bytes.clone().unwrap();
            assert!(
                text.get(bytes).is_some_and(|words| words.starts_with(&evidence.reason.text)),
                "{evidence:?}"
            );
        }
    }
}

#[test]
fn bad_days_are_bounded() {
    for text in [
        String::new(),
        "a".repeat(1 << 20),
        "a.".repeat(1 << 18),
        ".a".repeat(1 << 18),
        "bit.ly/a ".repeat(50_000),
        "http://".repeat(50_000),
        "pague su cuenta ".repeat(50_000),
        "1.000 ".repeat(50_000),
        "$".repeat(1 << 18),
        "😡".repeat(100_000),
        "g\u{336}a\u{336}n\u{336}a\u{336}s\u{336}t\u{336}e\u{336} un premio".to_owned(),
        "gаnaste ganaste приз 賞 جائزة \u{202e}oimerp".to_owned(),
    ] {
        let tokens = Tokens::of(&text);
        for language in [Some(Lang::ES), Some(Lang::PT), Some(Lang::EN), Lang::parse("fr").ok(), None] {
            let found = check(&text, &tokens, language, &ScamContext::default());
            assert!(found.weight.is_finite() && found.signs.len() <= SignKind::ALL.len());
            for sign in &found.signs {
                assert!(sign.evidence.len() <= EVIDENCE_MAX);
                assert!(
                    sign.evidence
                        .iter()
                        .all(|one| one.bytes.clone().is_none_or(|bytes| text.get(bytes).is_some()))
                );
            }
        }
    }
    let unread = check("ganaste", &Tokens::of("ganaste"), None, &ScamContext::default());
    assert!(!unread.is_read && unread.verdict == Verdict::None);
}

#[test]
fn lexicons_are_sound() {
    let files = [
        include_str!("../../lexicons/scam_es.tsv"),
        include_str!("../../lexicons/scam_pt.tsv"),
        include_str!("../../lexicons/scam_en.tsv"),
    ];
    assert!(files.iter().all(|file| file.lines().count() > 100));
    let unread: Vec<String> =
        files.iter().flat_map(|file| crate::phrases::unread_lines(file, phrases::tag_of)).collect();
    assert_eq!(unread, Vec::<String>::new());
}

/// Words that a plain list would look for.
const WORDS: [&str; 10] =
    ["gratis", "premio", "gana", "bitcoin", "inversión", "clave", "código", "whatsapp", "free", "prize"];

/// Precision and recall of one way to guess.
fn scores(pairs: &[(bool, bool)]) -> (f64, f64) {
    let count = |keep: &dyn Fn(&(bool, bool)) -> bool| pairs.iter().filter(|pair| keep(pair)).count() as f64;
    let both = count(&|&(truth, guess)| truth && guess);
    (both / count(&|&(_, guess)| guess).max(1.0), both / count(&|&(truth, _)| truth).max(1.0))
}

#[test]
fn beats_null_and_a_list_of_words_on_labelled_posts() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("SKIPPED (counted): no corpus");
        return;
    };
    let mut posts: Vec<(bool, Lang, String)> = Vec::new();
    for path in entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "judge"))
    {
        let text = std::fs::read_to_string(path).unwrap();
        for fields in text.lines().map(|line| line.split('\t').collect::<Vec<_>>()).filter(|f| f.len() == 11)
        {
            let is_scam = fields[4].split(',').any(|intent| intent == "scam");
            posts.push((is_scam, Lang::parse(fields[1]).unwrap(), fields[10].to_owned()));
        }
    }
    let ours: Vec<(bool, bool)> = posts
        .iter()
        .map(|(truth, lang, text)| (*truth, plain(*lang, text).verdict == Verdict::Probable))
        .collect();
    let listed: Vec<(bool, bool)> = posts
        .iter()
        .map(|(truth, _, text)| (*truth, WORDS.iter().any(|word| text.to_lowercase().contains(word))))
        .collect();
    let (precision, recall) = scores(&ours);
    let (list_precision, list_recall) = scores(&listed);
    let share = posts.iter().filter(|(truth, ..)| *truth).count() as f64 / posts.len().max(1) as f64;
    println!(
        "scams: {} posts, precision {precision:.2} recall {recall:.2}; list of words {list_precision:.2} {list_recall:.2}; always: {share:.2} 1.00",
        posts.len()
    );
    assert!(
        precision > 0.85 && recall > 0.7 && precision > list_precision + 0.3 && recall > list_recall + 0.2
    );
}
