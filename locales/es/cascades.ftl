# Cascadas: lo que se repite, copiado o retocado.
nav-cascades = Cascadas
cascades-title = Cascadas
cascades-lead = Lo que se repite con las mismas palabras o casi: cadenas, consignas, bulos y notas copiadas.
cascades-filter = Solo entre las publicaciones que cumplen
cascades-filter-hint = Una consulta, por ejemplo intent:rumour lang:es. Vacío: todas.
cascades-period = Periodo
cascades-empty-title = Nada se repite en este periodo
cascades-empty-text = Cuando al menos dos publicaciones digan casi lo mismo, aparecerán aquí.
cascades-times = { $posts } casi iguales
cascades-in-all = { $posts } en total, a lo largo de { $span }
cascades-see-posts = Ver las publicaciones
cascade-title = Cascada
cascade-lead = Una misma frase, copiada o retocada: dónde apareció primero, cómo cambió y quién la difundió.
cascade-posts = Publicaciones
cascade-networks = Redes
cascade-first-hour = En la primera hora
cascade-half = Hasta la mitad
cascade-firsts = Primera aparición en cada red
cascade-network = Red
cascade-when = Cuándo
cascade-who = Quién
cascade-after = Después de la primera
cascade-origin = Primera que conocemos
cascade-changes = Cómo cambió el texto
cascade-exact-copies = { $count ->
    [0] Sin copias idénticas entre las que se muestran
    [one] Además, { $count } copia idéntica
   *[other] Además, { $count } copias idénticas
}
cascade-no-changes = Todas dicen lo mismo.
cascade-changes-more = Se muestran los primeros cambios; los demás están entre las publicaciones.
cascade-alike = { $share } en común con la anterior más parecida
cascade-members = De la más antigua a la más reciente
cascade-speed = Ritmo
cascade-began = Primera
cascade-last = Última
cascade-peak = Hora más intensa
cascade-amplifiers = Quién más la repitió
cascade-method = Se comparan fragmentos de cuatro letras del texto sin enlaces ni menciones. Repetir un texto no prueba que alguien se haya puesto de acuerdo: también lo hacen los medios, las peticiones y los aficionados.
