# Comprobador de estafas.
nav-scam_check = ¿Es una estafa?
scam-check-title = ¿Es una estafa?
scam-check-lead = Pega un mensaje que te haya llegado por correo, SMS, WhatsApp o redes. Se buscan en él las diez señales de una estafa. El mensaje no se guarda.
scam-check-text = Mensaje
scam-check-action = Comprobar
scam-check-length = Pega un mensaje de 1 a { $count } caracteres.
scam-check-none = No se encontraron señales suficientes. Eso no prueba que el mensaje sea honrado: ante la duda, llama tú al número oficial.
scam-check-seen = El mismo mensaje ya se vio antes: { $when }, { $author }.
scam-check-seen-link = Ver la publicación
scam-check-result = Resultado
