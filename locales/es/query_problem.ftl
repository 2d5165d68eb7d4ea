# Qué tiene mal una expresión de búsqueda y cómo arreglarla.
query-problem = { $what } (carácter { $place })
query-problem-empty = No hay nada que buscar: escribe al menos una palabra.
query-problem-too-long = La consulta pasa de { $count } caracteres: divídela en dos.
query-problem-too-many-parts = La consulta tiene más de { $count } partes: divídela en dos.
query-problem-too-deep = Hay más de { $count } paréntesis unos dentro de otros: simplifica la consulta.
query-problem-unclosed-quote = Estas comillas no se cierran: añade otras " después de la frase.
query-problem-unclosed-parenthesis = Este paréntesis no se cierra: añade ) donde termina el grupo.
query-problem-stray-parenthesis = Este ) no cierra nada: quítalo o añade ( antes del grupo.
query-problem-missing-operand = { $name } necesita algo a cada lado: añade una palabra o quita el operador.
query-problem-nothing-to-negate = NOT necesita algo después: añade una palabra o quítalo.
query-problem-bad-distance = NEAR lleva un número entero de palabras, de 1 a { $count }, como NEAR/5.
query-problem-bad-near-side = NEAR une palabras, frases, comienzos de palabra o grupos de ellos con OR; nada más.
query-problem-unknown-field = No existe el campo «{ $name }:». Usa uno de la ayuda o pon el texto entre comillas.
query-problem-missing-value = «{ $name }:» necesita un valor justo después de los dos puntos.
query-problem-bad-value = «{ $name }:» no admite «{ $value }». { $help }
query-problem-no-letters = «{ $name }» no tiene letras ni cifras que buscar: quítalo o escribe una palabra.
query-problem-short-prefix = Un comienzo de palabra necesita al menos dos letras antes de *, como agu*.
query-problem-inner-star = El signo * solo puede ir al final de una palabra, como agu*.
query-value-network = Escribe el nombre de una red, como bluesky, mastodon, x o rss.
query-value-lang = Escribe un código de dos letras, como es, pt o en, o bien unknown.
query-value-country = Escribe un código de dos letras, como PA, MX o ES.
query-value-followers = Escribe un número, >100, >=100, <100, <=100 o 100..999.
query-value-engagement = Escribe un número, >10, >=10, <10, <=10 o 10..99.
query-value-has = Escribe link, image, video, media, hashtag, tag, question o country.
query-value-is = Escribe original, reply, reshare o quote.
query-value-tone = Escribe negative, neutral, positive, mixed o unknown.
query-value-domain = Escribe el nombre de un sitio, como prensa.com.
query-value-source = Escribe el número de una fuente.
query-value-since = Escribe una fecha como 2026-03-01.
query-value-until = Escribe una fecha como 2026-03-01.
query-value-other = Revisa el valor o pon el texto entre comillas.
