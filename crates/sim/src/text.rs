//! Made-up sentences in Spanish, Portuguese and English, with their tone.
//!
//! A sentence is a template of a language and tone: `{b}` the brand, `{p}` a
//! place, `{t}` a thing, `{w}` a moment. The tone is that of a human reader of
//! the template, not of any program.

use crate::random::Random;
use model::{Lang, Tone};

const PLACES: &[&str] = &[
    "Panamá",
    "San Miguelito",
    "Ciudad de México",
    "Madrid",
    "Bogotá",
    "Lima",
    "David",
    "Colón",
    "Sevilla",
    "Guadalajara",
    "Quito",
    "Rosario",
];
const THINGS_ES: &[&str] = &[
    "el café",
    "la app",
    "el pedido",
    "la sucursal",
    "el servicio a domicilio",
    "el local nuevo",
    "la tarjeta de puntos",
    "el desayuno",
    "la factura",
    "el baño",
    "la fila",
    "el pan",
];
const THINGS_PT: &[&str] = &["o café", "o aplicativo", "o pedido", "a loja nova", "o atendimento", "a fila"];
const THINGS_EN: &[&str] =
    &["the coffee", "the app", "my order", "the new branch", "the delivery", "the line"];
const WHEN_ES: &[&str] = &["hoy", "ayer", "otra vez", "esta mañana", "el fin de semana", "desde hace días"];
const WHEN_PT: &[&str] = &["hoje", "ontem", "de novo", "esta manhã"];
const WHEN_EN: &[&str] = &["today", "yesterday", "again", "this morning"];

const NEGATIVE_ES: &[&str] = &[
    "Qué pésimo {t} de {b} {w}, nadie responde",
    "{b} en {p} es una vergüenza: {t} no funciona {w}",
    "Hasta cuándo con {b}, me cobraron dos veces y {t} llegó frío",
    "No vuelvo a {b}. {t} horrible y la atención peor",
    "Llevo dos horas esperando {t} de {b} en {p}, qué falta de respeto",
    "Estafa total lo de {b}, {t} nunca llegó y no devuelven la plata 😡",
    "{b} arregla {t} de una vez, {w} se cayó todo",
];
const POSITIVE_ES: &[&str] = &[
    "Me encanta {t} de {b} en {p} 😍",
    "Qué chévere la atención de {b} {w}, gracias!",
    "{b} nunca falla: {t} buenísimo {w}",
    "Excelente {t} de {b}, súper recomendado",
    "Felicidades a {b} por el local de {p}, quedó precioso",
    "Gracias {b} por resolver lo de {t} tan rápido 👏",
];
const NEUTRAL_ES: &[&str] = &[
    "{b} abre {t} en {p} {w}",
    "Alguien sabe a qué hora cierra {b} en {p}?",
    "Estoy en {b} de {p} esperando a mi prima",
    "{b} anuncia cambios en {t} para {p}",
    "¿{b} tiene {t} en {p}?",
    "Reunión {w} en {b}, frente al parque de {p}",
];
const NEGATIVE_PT: &[&str] = &[
    "Péssimo {t} da {b} {w}, ninguém responde",
    "Que vergonha, {b}: {t} não funciona {w}",
    "Nunca mais volto na {b}, {t} horrível",
];
const POSITIVE_PT: &[&str] = &[
    "Adoro {t} da {b} em {p} 😍",
    "Ótimo atendimento da {b} {w}, obrigado!",
    "{b} é maravilhosa, {t} muito bom",
];
const NEUTRAL_PT: &[&str] = &["A {b} abre {w} em {p}", "Alguém sabe que horas fecha a {b} em {p}?"];
const NEGATIVE_EN: &[&str] = &[
    "Terrible {t} at {b} {w}, nobody answers",
    "{b} charged me twice and {t} is awful",
    "Never going back to {b}, worst service in {p}",
];
const POSITIVE_EN: &[&str] = &[
    "I love {t} at {b} in {p} 😍",
    "Great service at {b} {w}, thank you!",
    "{b} is amazing, {t} is so good",
];
const NEUTRAL_EN: &[&str] = &["{b} opens in {p} {w}", "Does anyone know when {b} closes in {p}?"];

/// Talk about anything else.
const CHATTER_ES: &[&str] = &[
    "Qué calor en {p} {w}",
    "Buenos días a todos desde {p}",
    "Vieron el partido {w}?",
    "El tráfico en {p} está imposible {w}",
    "Feliz cumpleaños a mi mamá 🎂",
    "Se fue la luz {w} en {p}",
    "Leyendo un buen libro {w}",
    "No hay agua en {p} desde {w}",
    "Alguien recomienda una película para {w}?",
    "Empieza la feria de {p}",
];
const CHATTER_PT: &[&str] = &["Bom dia, {p}!", "Que calor {w}", "Alguém viu o jogo {w}?"];
const CHATTER_EN: &[&str] = &["Good morning from {p}", "What a game {w}", "Traffic in {p} is crazy {w}"];

/// Tails that make posts differ.
const TAILS: &[&str] =
    &["", "", "", "", " jajaja", " 🙏", " la verdad", " en serio", " lol", " pues", " !!!", " 🤔"];

/// Hashtags by subject.
pub(crate) const HASHTAGS: &[&str] =
    &["PanamáSinAgua", "BuenosDías", "Café", "Elecciones2026", "FelizLunes", "CaféAcme", "Servicio"];

/// A sentence about a brand, or about anything else when there is none.
pub(crate) fn sentence(random: &mut Random, language: Lang, tone: Tone, brand: Option<&str>) -> String {
    let (things, when) = match language.as_str() {
        "pt" => (THINGS_PT, WHEN_PT),
        "en" => (THINGS_EN, WHEN_EN),
        _ => (THINGS_ES, WHEN_ES),
    };
    let templates = match (language.as_str(), tone, brand.is_some()) {
        ("pt", _, false) => CHATTER_PT,
        ("en", _, false) => CHATTER_EN,
        (_, _, false) => CHATTER_ES,
        ("pt", Tone::Negative, _) => NEGATIVE_PT,
        ("pt", Tone::Positive, _) => POSITIVE_PT,
        ("pt", ..) => NEUTRAL_PT,
        ("en", Tone::Negative, _) => NEGATIVE_EN,
        ("en", Tone::Positive, _) => POSITIVE_EN,
        ("en", ..) => NEUTRAL_EN,
        (_, Tone::Negative, _) => NEGATIVE_ES,
        (_, Tone::Positive, _) => POSITIVE_ES,
        _ => NEUTRAL_ES,
    };
    let mut out = String::with_capacity(120);
    let mut rest = *random.pick(templates);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (slot, after) = after.split_once('}').unwrap_or(("", after));
        out.push_str(match slot {
            "b" => brand.unwrap_or_default(),
            "p" => *random.pick(PLACES),
            "t" => *random.pick(things),
            _ => *random.pick(when),
        });
        rest = after;
    }
    out.push_str(rest);
    out.push_str(*random.pick(TAILS));
    out
}
