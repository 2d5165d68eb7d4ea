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
