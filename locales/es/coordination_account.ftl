# Ficha de una cuenta de un grupo, y grupos anteriores.
account-title = { $name } en su grupo
account-lead = Lo que hizo esta cuenta, junto a lo más cercano de las otras de un grupo de { $accounts }. Palabra del grupo:
account-caution = La palabra es del grupo, no de la cuenta. Que una cuenta esté en el grupo dice que coincide con otras más de lo que daría el azar; no dice que sea falsa, ni quién la lleva, ni por qué.
account-to-group = Su grupo
account-to-author = Página de la cuenta
account-known = Lo que se sabe de ella
account-joint-posts = Publicaciones en lo conjunto
account-partners = Cuentas con las que coincide
account-place = Lugar en el grupo
account-place-of = { $place } de { $all }
account-beside = Sus publicaciones junto a las de las otras
account-beside-text = Cada par es una publicación suya y la más cercana en el tiempo de otra cuenta del grupo sobre lo mismo, con lo que las separa. Primero las más nuevas, sin elegir las que más coinciden.
account-near-says = En { $within } de { $posts } suyas en lo conjunto, otra cuenta del grupo hizo lo mismo dentro de la ventana de esa huella. La mitad de las veces, a { $median } o menos.
account-near-none = No queda ninguna publicación suya en lo conjunto con la que comparar.
account-after = La otra, { $span } después
account-before = La otra, { $span } antes
account-same-second = En el mismo segundo
account-near-others = { $count ->
    [0] Ninguna otra del grupo lo hizo dentro de la ventana.
    [one] { $count } cuenta más del grupo lo hizo dentro de la ventana.
   *[other] { $count } cuentas más del grupo lo hicieron dentro de la ventana.
}
account-posts-none = No hay publicaciones que poner lado a lado.
account-posts-more = { $count ->
    [one] { $count } par más
   *[other] { $count } pares más
}
account-posts-left-out = { $count ->
    [one] Hay { $count } publicación suya más, más antigua, que no se enumera; el archivo la tiene.
   *[other] Hay { $count } publicaciones suyas más, más antiguas, que no se enumeran; el archivo las tiene.
}
account-with-whom = Con quién coincide, y cuánto cabía esperar
account-with-whom-text = Solo las parejas que el azar no explica. «Por azar» vale para cada pareja por separado.
account-partners-none = No queda ninguna pareja suya.
account-partners-left-out = { $count ->
    [one] Hay { $count } cuenta más con la que coincide.
   *[other] Hay { $count } cuentas más con las que coincide.
}
account-partners-more = { $count ->
    [one] { $count } cuenta más
   *[other] { $count } cuentas más
}
account-joint-objects = Objetos de ambas
account-habit = (lo explica su costumbre)
account-against-title = Lo que habla en contra
account-against-own_life = Vida propia fuera de lo conjunto
account-against-declared = Se declara medio, mesa o automatizada
account-against-habit = Su costumbre de llegar pronto explica las coincidencias
account-against-apart = Casi siempre actúa lejos de las demás
account-against-few_partners = Coincide con muy pocas cuentas del grupo
account-against-old = Cuenta antigua
account-verdict = Qué cambiaría el resultado
account-verdict-partners = Coincide con { $partners } de forma que el azar no explica. Con menos de 3 no estaría en un grupo hallado por sus tiempos.
account-verdict-against = Cada punto encontrado de los que hablan en contra es una razón para leer sus publicaciones antes de contarla dentro.
account-verdict-group = El grupo es «{ $word }»; lo que cambiaría esa palabra está en su ficha. Si el grupo se descarta, nada queda dicho de esta cuenta.
account-verdict-signs = Las señales de la cuenta no cambian nada: describen, no prueban.
account-signs = Señales en la cuenta
account-signs-head = Señales
account-signs-text = Son indicios débiles que también tienen muchas cuentas corrientes. Nunca forman un grupo ni suben su palabra.
account-signs-none = No se encontró ninguna señal en la cuenta.
account-signs-total = Todas juntas pesan { $total } en una escala que se corta en −2 y 2. Por encima de cero apuntan a automatización o disfraz; por debajo, a una cuenta corriente.
account-signs-not-known = No se pudo mirar, por falta de datos:
account-sign-weak = Indicio débil
account-sign-for = A favor de la cuenta
account-sign-random_handle = Nombre con letras como al azar
account-sign-digit_tail = Muchas cifras al final del nombre
account-sign-young = Creada hace poco
account-sign-old = Creada hace mucho
account-sign-default_avatar = Sin imagen propia
account-sign-shared_avatar = La imagen de otra cuenta
account-sign-follows_many = Sigue a muchas y la siguen pocas
account-sign-many_posts = Más publicaciones de las que escribe una persona
account-sign-regular_intervals = Actúa a intervalos regulares
account-sign-sleepless = Nunca duerme
account-sign-same_second = Actúa en el mismo segundo del minuto
account-parts = Señales del grupo en las que participa
account-parts-none = En ninguna.
account-part-created = Se creó a la vez que otras del grupo
account-part-returned = Volvió de un largo silencio a la vez que otras del grupo
account-part-look_alikes = Su nombre se parece al de otras del grupo
account-part-renamed = Cambió de nombre varias veces, con el mismo identificador
account-part-passed = Tuvo un nombre que también tuvo otra cuenta del grupo
account-handles-none = Que se sepa, solo uno.
account-timeline = Sus publicaciones en lo conjunto, por fecha ({ $zone })
account-objects-none = No queda nada compartido que enumerar.
account-objects-more = { $count ->
    [one] { $count } más, sin nombre o menos compartido
   *[other] { $count } más, sin nombre o menos compartidos
}
account-when = Cuándo actúa
account-handles = Nombres que ha usado
account-object-unnamed = Sin nombre; lo dicen la huella y la hora
account-first-at = Primera vez
account-times = Sus veces
account-earlier = Otros grupos en los que estuvo
account-earlier-none = En ninguno que se recuerde.
account-file-actions = Sus acciones y las de todas en los mismos objetos (CSV)
group-sign-chance = Por azar: { $chance }.
group-sign-by-chance = Por azar: { $chance }; no cuenta como señal.
group-acts-all = Están las { $acts } acciones sobre lo conjunto.
group-acts-cut = Están { $acts } de las { $all } acciones sobre lo conjunto: se guardan como mucho { $limit } por grupo, y las borradas desde la búsqueda se han ido. El manifiesto dice cuáles.
group-file-actions = Todas las acciones sobre lo conjunto: huella, objeto, cuenta, hora (CSV)
group-file-shares-of = Solo { $trace }, en las cuatro columnas: sirve de entrada a «atalaya coordination detect» (CSV)
group-file-manifest = Manifiesto: con qué ajustes se buscó y qué falta (JSON)
earlier-title = Un grupo anterior
earlier-lead = La última búsqueda no lo encontró con estas mismas cuentas. De él se recuerda lo que hace falta para reconocerlo si vuelve.
earlier-says = Grupo de { $accounts }. Visto el { $when }.
earlier-kept = Sus pruebas no se conservan: eran de las publicaciones de entonces.
earlier-now = Dónde están ahora sus cuentas
earlier-now-none = Ninguna está en un grupo de la última búsqueda.
earlier-shared = { $accounts } de aquel grupo
fact-own_posts = Publicaciones fuera de lo conjunto
fact-own_posts_share = Parte de sus publicaciones fuera de lo conjunto
fact-account_declared = Se declara medio, mesa o automatizada
fact-habit_share = Parejas que su costumbre explica
fact-apart_share = Publicaciones en lo conjunto con ninguna otra cerca
fact-partners = Cuentas con las que coincide
fact-beyond_habit_share = Parejas que la costumbre de las cuentas no explica
