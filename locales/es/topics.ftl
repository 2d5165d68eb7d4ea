# Temas y preguntas: de qué se habla ahora y antes no, y qué se pregunta.
topics-title = Temas y preguntas
topics-lead = De qué se habla ahora y antes no, y lo que la gente pregunta una y otra vez.
topics-now = De qué se habla ahora
topics-span = Del { $from } al { $to }, comparado con el tiempo anterior, cuatro veces más largo.
topics-read = { $of ->
    [0] No hay publicaciones en estas fechas.
    *[other] Leímos { $read } de { $of } publicaciones de estas fechas
}
topics-read-before = { $of ->
    [0] y ninguna de antes.
    *[other] y { $read } de { $of } de antes, elegidas por sorteo.
}
topics-method = Un tema necesita varias personas y varios textos: un mensaje en cadena o una sola cuenta no bastan. Las cifras cuentan todas las publicaciones, sin difusiones.
topics-too-little = Faltan datos para comparar
topics-too-little-now = Hacen falta al menos { $count } publicaciones en estas fechas. Elige un periodo más largo o menos filtros.
topics-too-little-before = Hacen falta al menos { $count } publicaciones de antes de estas fechas para saber qué es nuevo. Elige un periodo más corto o espera a tener más historia.
topics-open-explorer = Abrir el explorador
topics-none = Nada nuevo
topics-none-text = Se habla de lo de siempre: ninguna palabra destaca sobre lo habitual. Es una respuesta, no un fallo.
topics-posts = Publicaciones
topics-growth-name = Frente a lo habitual
topics-growth = { $times } veces más presente
topics-growth-new = No aparecía antes
topics-share = De todo lo dicho
topics-who = Quiénes (en lo leído)
topics-authors = { $count ->
    [one] { $count } cuenta
    *[other] { $count } cuentas
}
topics-tones = Tono:
topics-tone = { $tone } ({ $count })
topics-words = Palabras del tema:
topics-examples = Ejemplos
topics-questions = Lo que se pregunta una y otra vez
topics-questions-none = Ninguna pregunta se repite
topics-questions-none-text = Hace falta que al menos dos personas pregunten lo mismo en estas fechas.
topics-questions-read = { $of ->
    [0] No hay publicaciones con preguntas en estas fechas.
    *[other] Leímos { $read } de { $of } publicaciones con preguntas.
}
topics-questions-method = Ante la duda no se juntan: dos grupos pueden preguntar lo mismo. La cifra cuenta las publicaciones con estas mismas formas de preguntar.
topics-questions-more = { $count ->
    [one] Hay { $count } grupo más, menos frecuente.
    *[other] Hay { $count } grupos más, menos frecuentes.
}
topics-all-answers = Respuestas frecuentes
topics-answered = Ya hay respuesta:
topics-new-answer = Crear respuesta frecuente
topics-wordings = Formas de preguntarlo:
