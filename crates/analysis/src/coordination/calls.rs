//! Words by which people openly ask others to act with them.
//!
//! In: a text. Out: whether it is a raffle, or a call (petition, strike,
//! march). Errors: none. Cost: one look per word.
//! Source: own lists in Spanish, Portuguese and English. Limits: a disguise may
//! use these words as well; they lower a statement and never raise one.

use model::text::fold;

/// Words of raffles; a trailing `*` stands for any ending. Folded.
const RAFFLE: [&str; 14] = [
    "sorteo*",
    "sortea*",
    "sorteamos",
    "participa*",
    "premio*",
    "ganador*",
    "rifa*",
    "giveaway*",
    "raffle*",
    "winner*",
    "concorra*",
    "promocao",
    "brinde*",
    "cupo*",
];
/// Words of calls. Folded.
const CALL: [&str; 22] = [
    "firma",
    "firmas",
    "firmar",
    "peticion*",
    "huelga*",
    "paro",
    "marcha*",
    "manifestacion*",
    "convocatoria*",
    "concentracion*",
    "cacerolazo*",
    "boicot*",
    "planton*",
    "unete",
    "unanse",
    "difunde*",
    "petition*",
    "strike*",
    "protest*",
    "abaixo-assinado*",
    "greve*",
    "peticao*",
];

/// Words by which an account says that it is an outlet or a desk. Folded.
const OUTLET: [&str; 16] = [
    "noticias",
    "noticiero",
    "periodico",
    "diario",
    "prensa",
    "radio",
    "emisora",
    "redaccion",
    "informativo*",
    "newsroom",
    "news",
    "jornal",
    "noticiario",
    "oficial",
    "official",
    "servicio",
];

/// Whether what an account says of itself (name, handle, description) names an outlet or a desk.
pub fn is_outlet(text: &str) -> bool {
    words_of(text, &OUTLET) > 0
}

/// Whether a text is a raffle: two words of the list.
pub fn is_raffle(text: &str) -> bool {
    words_of(text, &RAFFLE) > 1
}

/// Whether a text calls for a petition, strike or march: one word of the list.
pub fn is_call(text: &str) -> bool {
    words_of(text, &CALL) > 0
}

fn words_of(text: &str, list: &[&str]) -> usize {
    let folded = fold(text);
    folded
        .split(|letter: char| !letter.is_alphanumeric() && letter != '-')
        .filter(|word| !word.is_empty())
        .filter(|word| {
            list.iter().any(|listed| match listed.strip_suffix('*') {
                Some(stem) => word.starts_with(stem),
                None => word == listed,
            })
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_calls_are_seen() {
        assert!(is_raffle("¡SORTEO! Comparte y participa para llevarte el premio"));
        assert!(!is_raffle("El premio se lo llevó ella"));
        assert!(is_call("Firma la petición contra el cierre del parque"));
        assert!(is_call("Mañana todos a la huelga general"));
        assert!(!is_call("Qué rico café el de la esquina"));
    }
}
