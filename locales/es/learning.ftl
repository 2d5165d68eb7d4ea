# «Enseñar»: correcciones del equipo, su efecto y lo que más conviene etiquetar.
learning-title = Enseñar
learning-lead = Cada corrección cambia la publicación al momento y ajusta el método para las que lleguen después.
learning-proposals = Las que más enseñan
learning-proposals-hint = Veinte menciones de las que el método duda y que no se parecen entre sí; dos se eligen al azar para que la medida sea justa. Un clic basta.
learning-no-proposals = No hay nada que preguntar
learning-no-proposals-text = Ya contestaste todo, o todavía no hay publicaciones que el método sepa leer.
learning-more = Ver la publicación y corregir lo demás
worth-unsure = El método duda ({ $question }): le parece «{ $value }», con un { $percent } de seguridad.
worth-random = Elegida al azar: así medimos sin sesgo.
learning-effect = Antes y después
learning-counts = { $standing ->
    [one] { $standing } corrección vigente
   *[other] { $standing } correcciones vigentes
}: { $teaching } enseñan y { $judging } solo juzgan.
learning-no-effect = Todavía no hay correcciones que juzguen. Una de cada cinco publicaciones corregidas se reserva para eso.
learning-held-out = Las correcciones de una de cada cinco publicaciones nunca enseñan: solo comprueban si el método acierta.
learning-question = Pregunta
learning-judged = Juzgan
learning-before = Aciertos antes
learning-after = Aciertos después
learning-says = Qué se puede decir
learning-right = { $right } de { $judged } ({ $percent })
outcome-too-few = { $count ->
    [one] Con { $count } corrección aún no se puede decir.
   *[other] Con { $count } correcciones aún no se puede decir.
}
outcome-undecided = Con { $count } correcciones, la diferencia puede ser casualidad.
outcome-better = Acierta más que antes, y con { $count } correcciones no parece casualidad.
outcome-worse = Acierta menos que antes, y con { $count } correcciones no parece casualidad: revisa la lista.
learning-people = Cuánto cuenta cada persona
learning-cap = Cuando corrigen varias personas, ninguna pesa más de la mitad de lo aprendido hasta entonces, salvo sus primeras 20 correcciones. Así nadie puede torcer el método a solas.
learning-no-people = Todavía nadie ha enseñado nada.
learning-person = Persona
learning-weight = Peso
learning-share = Parte
learning-conflicts = { $count ->
    [0] Nadie contradice a nadie.
    [one] Hay { $count } texto sobre el que dos personas se contradicen; ahí cada una cuenta la mitad.
   *[other] Hay { $count } textos sobre los que dos personas se contradicen; ahí cada una cuenta la mitad.
}
learning-corrections = Correcciones
learning-no-corrections = Todavía no hay correcciones.
learning-judges = Solo juzga
learning-post = Publicación { $number }
learning-post-gone = La publicación ya no está
learning-undone = deshecha { $when }
