# Rechazos: lo que no se pudo leer.
rejects-title = Rechazos
rejects-lead = Lo que llegó y no se pudo leer, con la línea y el motivo. Nada se pierde en silencio.
rejects-origin = Origen
rejects-all = Todos
rejects-import = Importación: { $name }
rejects-removed = Origen eliminado ({ $name })
rejects-line = línea
rejects-download = Descargar JSONL
rejects-shown = { $count ->
    [one] { $count } rechazo
   *[other] { $count } rechazos
}
rejects-excerpt = Comienzo de lo recibido
rejects-no-excerpt = Sin contenido
rejects-empty-title = Ningún rechazo
rejects-empty-text = Todo lo que llegó se pudo leer.
reject-not-utf8 = No es texto UTF-8 válido a partir del byte { $a }.
reject-unreadable = No se puede leer como «{ $a }».
reject-date-unknown = «{ $a }» no es una fecha.
reject-date-ambiguous = La fecha «{ $a }» se puede leer de dos maneras. Impórtala con time_order=dmy (día primero) o time_order=mdy (mes primero) en «Columnas».
reject-lacks = Le falta «{ $a }».
reject-lacks-content = No trae ni texto, ni título, ni medios, ni una publicación compartida.
reject-id-empty = El identificador está vacío.
reject-id-too-long = El identificador tiene { $a } bytes; se admiten { $b } como mucho.
reject-id-control = El identificador contiene un carácter de control.
reject-too-large = Ocupa { $a } bytes; se admiten { $b } como mucho.
reject-other-kind = No es ni una publicación ni una cuenta: { $a }.
reject-open-quote = En esta línea se abre una comilla que no se cierra en { $a } líneas.
reject-json-breaks-off = El JSON se corta: falta cerrar una lista o un objeto.
reject-not-json = Esto no es un objeto ni una lista JSON.
reject-json-broken = El JSON está roto desde aquí.
reject-file-breaks-off = El archivo se corta aquí.
reject-fields = Tiene { $a } columnas y la primera fila tiene { $b }.
reject-not-an-object = No es un objeto JSON.
reject-not-a-feed = No es un canal RSS, Atom ni JSON Feed.
reject-nested = Las respuestas están anidadas a demasiada profundidad.
reject-encrypted = Un mensaje cifrado no se puede leer.
reject-forged = La firma no es de la cuenta que dice haberlo escrito.
