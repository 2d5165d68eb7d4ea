//! The fields of a table row and the names that files give to them.
//!
//! In: the header of a table or the keys of its objects. Out: our [`Field`]s.
//! Names are compared without case, accents, blanks and punctuation.

/// A field of a row: our own name and the names that other programs use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Our name: the key in the record and the left side of `--map`.
    pub name: &'static str,
    /// Other names, folded as by [`fold_name`], best first.
    synonyms: &'static [&'static str],
}

macro_rules! fields {
    ($($name:literal: $($synonym:literal)*;)*) => {
        /// Every field, in the order in which columns are given away: a column
        /// is taken by the first field that wants it.
        pub const FIELDS: &[Field] = &[$(Field { name: $name, synonyms: &[$($synonym,)*] },)*];
    };
}

fields! {
    "id": "tweetid" "postid" "commentid" "statusid" "messageid" "contentid" "idstr" "uri" "guid" "identificador" "idtweet" "idpublicacion" "sourceid";
    "text": "fulltext" "content" "contenido" "texto" "tweet" "tweettext" "body" "message" "mensaje" "comment" "comentario" "selftext" "caption" "cuerpo" "publicacion" "post" "status" "descripcion" "textoriginal";
    "title": "headline" "titulo" "titular" "subject" "asunto";
    "author_id": "userid" "accountid" "authorid" "idautor" "idusuario" "channelid" "externalauthorid" "did";
    "author": "username" "screenname" "userscreenname" "authorscreenname" "handle" "user" "usuario" "autor" "account" "cuenta" "acct" "authorusername" "authorhandle" "nick" "sender" "from" "name";
    "author_name": "displayname" "authorname" "userdisplayname" "nombre" "nombreautor" "fullname" "realname" "sourcename";
    "author_bio": "authordescription" "userdescription" "bio" "biography" "biografia";
    "author_url": "profileurl" "authorurl" "userurl";
    "author_created": "accountcreationdate" "usercreatedat" "accountcreatedat" "authorcreatedat";
    "time": "createdat" "date" "datetime" "timestamp" "timestampms" "publishdate" "publishedat" "published" "fecha" "fechahora" "hora" "tweetcreated" "tweettime" "createdutc" "timestampshare" "pubdate" "fechapublicacion" "creado" "created" "posted" "postedat" "collectedat";
    "edited": "editedat" "updatedat" "updated" "modificado";
    "language": "lang" "idioma" "lengua" "tweetlanguage";
    "network": "platform" "red" "redsocial" "plataforma" "socialnetwork";
    "url": "link" "permalink" "enlace" "posturl" "tweeturl" "sourceurl" "direccion" "permalinkurl";
    "reply_to": "inreplyto" "inreplytoid" "inreplytostatusid" "inreplytotweetid" "replyto" "parentid" "respuestaa" "inreplytostatusidstr";
    "thread_root": "conversationid" "threadid" "hilo" "linkid" "threadroot";
    "shared": "retweetid" "retweetedstatusid" "retweettweetid" "quotedstatusid" "quotedtweettweetid" "reshareof" "objectid" "sharedid" "retweetedid" "compartido";
    "kind": "posttype" "tweettype" "tipo" "type";
    "is_reply": "reply" "isreply" "esrespuesta";
    "is_reshare": "isretweet" "retweet" "retweetedstatus" "isreshare" "isrepost" "esretweet";
    "is_quote": "quote" "isquote" "isquotestatus" "escita";
    "links": "urls" "enlaces" "expandedurls" "outlinks";
    "hashtags": "hashtag" "etiquetas";
    "tagged": "mentions" "usermentions" "menciones" "taggedaccounts" "mentionedusers";
    "media": "mediaurl" "mediaurls" "images" "imagen" "imagenes" "photo" "photos";
    "likes": "likecount" "likescount" "favoritecount" "favouritescount" "favorites" "favourites" "megusta" "score" "upvotes" "favoritos" "reactions" "reacciones";
    "replies": "replycount" "repliescount" "comments" "commentcount" "commentscount" "numcomments" "respuestas" "comentarios";
    "reshares": "retweetcount" "retweets" "reshares" "shares" "sharecount" "repostcount" "reposts" "reblogscount" "compartidos" "difusiones";
    "quotes": "quotecount" "quotescount" "citas";
    "views": "viewcount" "impressions" "impressioncount" "visualizaciones" "vistas" "reproducciones" "impresiones";
    "followers": "followerscount" "userfollowerscount" "authorfollowers" "followercount" "seguidores" "numberoffollowers";
    "following": "friendscount" "followingcount" "friends" "siguiendo" "seguidos";
    "author_posts": "statusescount" "updates" "tweetcountauthor" "publicaciones";
    "verified": "userverified" "isverified" "verificado" "verificada";
    "automated": "isbot" "bot" "automatizado";
    "country": "countrycode" "pais" "codigopais";
    "label": "labels" "category" "categoria" "etiqueta" "class" "clase" "airlinesentiment" "accountcategory" "emotion" "sentiment" "sentimiento" "annotation";
}

/// A name of a column as compared: lower case, without accents and signs.
pub fn fold_name(name: &str) -> String {
    model::text::fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The field of our own name, in any writing.
pub fn find_field(name: &str) -> Option<&'static Field> {
    let folded = fold_name(name);
    FIELDS.iter().find(|field| fold_name(field.name) == folded)
}

/// The field for each column of a header: our own names first, then synonyms
/// by preference. A column serves one field, a field takes one column.
pub fn match_columns(header: &[&str]) -> Vec<(&'static Field, usize)> {
    // `id` before `_id`: a name written exactly as ours goes first.
    let exact = |name: &str| FIELDS.iter().any(|field| field.name.eq_ignore_ascii_case(name.trim()));
    let folded: Vec<String> = header.iter().map(|name| fold_name(name)).collect();
    let mut taken = vec![false; header.len()];
    let mut matched: Vec<(&'static Field, usize)> = Vec::new();
    let exact: Vec<bool> = header.iter().map(|name| exact(name)).collect();
    let mut take = |field: &'static Field, wanted: &str, matched: &mut Vec<(&'static Field, usize)>| {
        let free =
            |at: &usize| taken.get(*at) == Some(&false) && folded.get(*at).is_some_and(|name| name == wanted);
        let mut columns = (0..folded.len()).filter(free);
        let first = columns.next();
        let column = first.into_iter().chain(columns).find(|at| exact.get(*at) == Some(&true)).or(first);
        if let Some(column) = column
            && !matched.iter().any(|(known, _)| known.name == field.name)
        {
            if let Some(taken) = taken.get_mut(column) {
                *taken = true;
            }
            matched.push((field, column));
        }
    };
    for field in FIELDS {
        take(field, &fold_name(field.name), &mut matched);
    }
    for field in FIELDS {
        for synonym in field.synonyms {
            take(field, synonym, &mut matched);
        }
    }
    matched
}

/// True when the names of a header are those of Twitter exports.
pub fn is_of_twitter(header: &[&str]) -> bool {
    header
        .iter()
        .map(|name| fold_name(name))
        .any(|name| name.contains("tweet") || name.contains("screenname"))
}

/// Languages by the names that files use, Spanish and English, folded.
const LANGUAGE_NAMES: &[(&str, &str)] = &[
    ("spanish", "es"),
    ("espanol", "es"),
    ("castellano", "es"),
    ("english", "en"),
    ("ingles", "en"),
    ("portuguese", "pt"),
    ("portugues", "pt"),
    ("french", "fr"),
    ("frances", "fr"),
    ("german", "de"),
    ("aleman", "de"),
    ("italian", "it"),
    ("italiano", "it"),
    ("dutch", "nl"),
    ("neerlandes", "nl"),
    ("russian", "ru"),
    ("ruso", "ru"),
    ("ukrainian", "uk"),
    ("ucraniano", "uk"),
    ("arabic", "ar"),
    ("arabe", "ar"),
    ("chinese", "zh"),
    ("chino", "zh"),
    ("japanese", "ja"),
    ("japones", "ja"),
    ("korean", "ko"),
    ("coreano", "ko"),
    ("turkish", "tr"),
    ("turco", "tr"),
    ("polish", "pl"),
    ("polaco", "pl"),
    ("catalan", "ca"),
    ("galician", "gl"),
    ("gallego", "gl"),
    ("basque", "eu"),
    ("euskera", "eu"),
    ("swedish", "sv"),
    ("sueco", "sv"),
    ("norwegian", "no"),
    ("noruego", "no"),
    ("danish", "da"),
    ("danes", "da"),
    ("finnish", "fi"),
    ("finlandes", "fi"),
    ("greek", "el"),
    ("griego", "el"),
    ("hebrew", "he"),
    ("hebreo", "he"),
    ("hindi", "hi"),
    ("romanian", "ro"),
    ("rumano", "ro"),
    ("hungarian", "hu"),
    ("hungaro", "hu"),
    ("czech", "cs"),
    ("checo", "cs"),
    ("bulgarian", "bg"),
    ("bulgaro", "bg"),
    ("serbian", "sr"),
    ("serbio", "sr"),
    ("croatian", "hr"),
    ("croata", "hr"),
    ("slovak", "sk"),
    ("lithuanian", "lt"),
    ("latvian", "lv"),
    ("estonian", "et"),
    ("macedonian", "mk"),
    ("albanian", "sq"),
    ("vietnamese", "vi"),
    ("vietnamita", "vi"),
    ("thai", "th"),
    ("indonesian", "id"),
    ("indonesio", "id"),
    ("persian", "fa"),
    ("farsi", "fa"),
    ("urdu", "ur"),
    ("icelandic", "is"),
    ("slovenian", "sl"),
    ("somali", "so"),
    ("malay", "ms"),
    ("guarani", "gn"),
    ("quechua", "qu"),
];

/// The language of a code or of a name in Spanish or English.
pub(super) fn language(text: &str) -> Option<model::Lang> {
    if let Ok(lang) = model::Lang::parse(text) {
        return Some(lang);
    }
    let folded = fold_name(text);
    let code = LANGUAGE_NAMES.iter().find(|(name, _)| *name == folded)?.1;
    model::Lang::parse(code).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &[&str], expected: &[(&str, &str)]) {
        let matched = match_columns(header);
        for (field, column) in expected {
            let found = matched.iter().find(|(f, _)| f.name == *field).map(|(_, i)| header[*i]);
            assert_eq!(found, Some(*column), "{field} in {header:?}");
        }
    }

    #[test]
    fn headers_are_understood() {
        check(
            &["tweet_id", "airline_sentiment", "name", "retweet_count", "text", "tweet_created"],
            &[
                ("id", "tweet_id"),
                ("author", "name"),
                ("reshares", "retweet_count"),
                ("time", "tweet_created"),
            ],
        );
        check(
            &[
                "_id",
                "author_description",
                "author_screen_name",
                "datetime",
                "id",
                "quote",
                "reply",
                "retweeted_status",
                "tweet",
            ],
            &[
                ("id", "id"),
                ("author", "author_screen_name"),
                ("time", "datetime"),
                ("text", "tweet"),
                ("is_reply", "reply"),
            ],
        );
        check(
            &["Fecha publicación", "Autor", "Texto", "Me gusta", "País"],
            &[
                ("time", "Fecha publicación"),
                ("author", "Autor"),
                ("text", "Texto"),
                ("likes", "Me gusta"),
                ("country", "País"),
            ],
        );
        check(
            &["object_id", "account_id", "content_id", "timestamp_share"],
            &[("shared", "object_id"), ("id", "content_id")],
        );
    }

    #[test]
    fn own_names_are_unique() {
        for field in FIELDS {
            assert_eq!(find_field(field.name), Some(field));
        }
    }
}
