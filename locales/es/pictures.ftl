# ¿Esta imagen ya se usó?
nav-pictures = ¿Imagen ya usada?
pictures-title = ¿Esta imagen ya se usó?
pictures-lead = Sube una imagen y la comparamos con las de las publicaciones, también recortada, reflejada o con marco. La imagen no se guarda.
pictures-field = Imagen
pictures-field-hint = JPEG, PNG, GIF o WebP, hasta { $limit }.
pictures-action = Buscar
pictures-error-none = Elige una imagen.
pictures-error-large = El archivo es demasiado grande: elige uno de hasta { $limit }.
pictures-error-unreadable = No pudimos leer el archivo como imagen. Elige un JPEG, PNG, GIF o WebP que no esté dañado.
pictures-result = Resultado
pictures-brought = { $format }, { $width } × { $height } píxeles
pictures-seen-title = Ya se usó
pictures-seen = { $count ->
    [one] La muestra una publicación.
   *[other] La muestran { $count } publicaciones.
}
pictures-first = Primera aparición que conocemos
pictures-others = Otras apariciones, de la más parecida a la menos
pictures-more = { $count ->
    [one] Otra publicación también la muestra.
   *[other] Otras { $count } publicaciones también la muestran.
}
pictures-unseen-title = No la hemos visto
pictures-unseen = { $count ->
    [one] La comparamos con la única imagen que conocemos. Eso no prueba que sea nueva: puede haberse usado donde no escuchamos.
   *[other] La comparamos con { $count } imágenes. Eso no prueba que sea nueva: puede haberse usado donde no escuchamos.
}
pictures-plain-title = Tiene muy poco detalle para compararla
pictures-plain-text = Una imagen lisa o casi vacía se parece a muchas. No podemos decir si ya se usó.
pictures-nothing-title = Aún no hay imágenes con que comparar
pictures-nothing-text = No conocemos ninguna imagen de publicaciones, así que no podemos decir si esta ya se usó.
pictures-fetching-title = Imágenes de las publicaciones
pictures-fetching-on = Se buscan las imágenes de las publicaciones que llegan. Solo se guarda su huella, nunca la imagen.
pictures-fetching-off = No se buscan las imágenes de las publicaciones. Sin ellas no hay con qué comparar.
pictures-fetching-risk = Al buscarlas, los servidores de las redes, y cualquier otro que el autor haya elegido, verán la dirección de este servidor y sabrán que aquí llegó la publicación. Vale para las que lleguen desde ese momento; se puede detener cuando quieras.
pictures-fetching-begin = Buscar imágenes de las publicaciones
pictures-fetching-end = Dejar de buscar imágenes
pictures-fetching-who = Lo decide quien puede cambiar las fuentes.
pictures-known = Con huella
pictures-waiting = En espera
pictures-plain = Con muy poco detalle
pictures-failed = Que no se pudieron leer
picture-alike-same = Idéntica
picture-alike-nearly = Casi idéntica
picture-alike-changed = La misma, algo cambiada
picture-alike-maybe = Quizá la misma: compárala a ojo
picture-change-mirrored = La que subiste está reflejada.
picture-change-upside_down = La que subiste está reflejada de arriba abajo.
picture-change-rotated_90 = La que subiste está girada un cuarto de vuelta.
picture-change-rotated_180 = La que subiste está girada media vuelta.
picture-change-rotated_270 = La que subiste está girada tres cuartos de vuelta.
picture-change-transposed = La que subiste está girada y reflejada.
picture-change-transversed = La que subiste está girada y reflejada.
picture-change-framed = La que subiste tiene un marco añadido.
picture-change-unframed = A la que subiste le quitaron el marco.
picture-change-extended = La que subiste muestra más alrededor.
picture-change-cropped = La que subiste está recortada.
done-pictures-on = Desde ahora se buscan las imágenes de las publicaciones que lleguen.
done-pictures-off = Ya no se buscan imágenes. Las huellas que había se conservan.
