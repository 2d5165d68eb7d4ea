# Las palabras del glosario que aparecen en muchas páginas.
tone = Tono
tone-unknown = Sin determinar
tone-negative = Negativo
tone-neutral = Neutro
tone-positive = Positivo
tone-mixed = Mixto
network-bluesky = Bluesky
network-mastodon = Mastodon
network-x = X
network-reddit = Reddit
network-youtube = YouTube
network-telegram = Telegram
network-rss = Prensa y blogs
network-nostr = Nostr
network-matrix = Matrix
network-facebook = Facebook
network-instagram = Instagram
network-webhook = Webhook
network-file = Archivo
kind-original = Publicación
kind-reply = Respuesta
kind-reshare = Difusión
kind-quote = Cita
purpose-own_brand = Marca propia
purpose-competitor = Competencia
purpose-market = Mercado
purpose-topic = Tema
role-administrator = Administración
role-director = Dirección
role-spokesperson = Vocería
role-agent = Atención
role-viewer = Lectura
health-healthy = En marcha
health-late = Con retraso
health-failing = Con errores
health-paused = En pausa
health-new = Sin datos todavía
missing-not_provided = No disponible
missing-hidden = Oculto por la red
missing-implausible = Dato no verosímil
missing-value = Sin dato
unit-mentions = { $count ->
    [one] { $count } mención
   *[other] { $count } menciones
}
unit-posts = { $count ->
    [one] { $count } publicación
   *[other] { $count } publicaciones
}
unit-accounts = { $count ->
    [one] { $count } cuenta
   *[other] { $count } cuentas
}
unit-followers = { $count ->
    [one] { $count } seguidor
   *[other] { $count } seguidores
}
