//! Chat spellings and what they stand for.
//!
//! In: a folded word and the language. Out: the word in full, if it is one.
//! Source: written for Atalaya. Cost: a few comparisons of short words.

use model::Lang;

/// Longest chat spelling, bytes.
const SPELLING_BYTES_MAX: usize = 6;

/// The full form of a chat spelling; the full form of no spelling is another.
pub(super) fn full_form(folded: &str, language: Option<Lang>) -> Option<&'static str> {
    if folded.len() > SPELLING_BYTES_MAX {
        return None;
    }
    match language {
        Some(Lang::ES) => spanish(folded),
        Some(Lang::PT) => portuguese(folded),
        Some(Lang::EN) => english(folded),
        _ => None,
    }
}

fn spanish(word: &str) -> Option<&'static str> {
    Some(match word {
        "q" | "k" | "ke" | "qe" => "que",
        "xq" | "pq" | "porq" | "xk" | "pk" | "xke" | "xque" => "porque",
        "tb" | "tmb" | "tbn" | "tmbn" | "tbm" => "tambien",
        "xfa" | "pf" | "porfa" | "plis" | "pls" | "xfavor" | "pfv" | "pls2" => "porfavor",
        "dnd" => "donde",
        "bn" => "bien",
        "ntp" => "notepreocupes",
        "salu2" => "saludos",
        "tq" | "tkm" | "tqm" | "tkiero" => "tequiero",
        "d" => "de",
        "x" => "por",
        "xa" | "pa" => "para",
        "msj" | "msg" => "mensaje",
        "wpp" | "wsp" | "wasap" | "guasap" | "wsap" => "whatsapp",
        "fb" => "facebook",
        "ig" | "insta" => "instagram",
        "hdp" | "hpta" | "hp" | "jueputa" => "hijueputa",
        "mrd" | "mrda" => "mierda",
        "ptm" | "ctm" | "csm" | "ctmr" => "mierdaexclamada",
        "vrg" => "verga",
        "nd" => "nada",
        "toy" => "estoy",
        "ta" => "esta",
        "tas" => "estas",
        "aki" => "aqui",
        "kiero" => "quiero",
        "grax" | "grac" | "gcias" | "thx" | "thanks" => "gracias",
        "finde" => "fin",
        "cdo" | "cnd" => "cuando",
        "dsd" => "desde",
        "tdo" => "todo",
        "tds" => "todos",
        "mñn" => "mañana",
        "hrs" => "horas",
        "min" | "mins" => "minutos",
        "info" => "informacion",
        _ => return None,
    })
}

fn portuguese(word: &str) -> Option<&'static str> {
    Some(match word {
        "q" | "k" => "que",
        "pq" | "pk" | "porq" => "porque",
        "tb" | "tbm" | "tmb" => "tambem",
        "vc" | "ce" | "c6" => "voce",
        "vcs" => "voces",
        "n" | "nao" | "naum" => "nao",
        "mt" | "mto" | "mtu" => "muito",
        "mta" => "muita",
        "blz" => "beleza",
        "obg" | "brigad" | "obgd" => "obrigado",
        "pfv" | "pfvr" | "pf" | "pls" | "plmds" => "porfavor",
        "hj" => "hoje",
        "cmg" => "comigo",
        "ctg" => "contigo",
        "dps" => "depois",
        "qd" | "qdo" | "qnd" => "quando",
        "oq" => "oque",
        "eh" => "e",
        "td" | "tdo" => "tudo",
        "tds" => "todos",
        "ngm" => "ninguem",
        "mds" => "meudeus",
        "pqp" => "putaquepariu",
        "vsf" | "vtnc" | "vtmnc" | "tnc" => "vaitomarnocu",
        "fdp" => "filhodaputa",
        "krl" | "crl" | "krlh" => "caralho",
        "msg" => "mensagem",
        "zap" | "wpp" => "whatsapp",
        "insta" | "ig" => "instagram",
        "to" => "estou",
        "ta" => "esta",
        "tava" => "estava",
        "pra" | "p" => "para",
        "aki" => "aqui",
        "sdd" | "sdds" => "saudades",
        "slc" => "slk",
        _ => return None,
    })
}

fn english(word: &str) -> Option<&'static str> {
    Some(match word {
        "u" | "ya" => "you",
        "ur" => "your",
        "r" => "are",
        "thx" | "thks" | "tnx" | "ty" => "thanks",
        "pls" | "plz" | "plse" => "please",
        "ppl" => "people",
        "b4" => "before",
        "gr8" => "great",
        "bc" | "cuz" | "coz" | "cos" => "because",
        "wtf" => "whatthefuck",
        "stfu" => "shutthefuckup",
        "gtfo" => "getthefuckout",
        "omg" => "ohmygod",
        "dm" | "pm" => "message",
        "msg" | "txt" => "message",
        "w" => "with",
        "tmrw" | "tmr" | "2moro" => "tomorrow",
        "2day" => "today",
        "2nite" => "tonight",
        "idk" => "dontknow",
        "rly" => "really",
        "govt" => "government",
        "acct" => "account",
        _ => return None,
    })
}
