"""What people call the columns of a customer list, in the languages we meet."""

from __future__ import annotations

import re

from mbs_app.domain.names import fold

_CAMEL_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[\W_]+")

# Best first: where a file has both a mobile and a home number, the mobile one is texted. All words
# are folded: lower case, no accents, single spaces.
HEADINGS: dict[str, tuple[str, ...]] = {
    "phone": (
        # a mobile number, said so
        "mobile", "mobile number", "mobile phone", "mobile no", "mobile nr", "mobile phone number",
        "mob", "cell", "cell phone", "cellphone", "cell number", "cell no", "cell phone number",
        "cellular", "sms", "sms number", "text number", "sms phone", "whatsapp", "e164", "msisdn",
        "handy", "handynummer", "handy nr", "mobil", "mobilnummer", "mobiltelefon", "mobilfunk",
        "mobilfunknummer", "mobilrufnummer", "portable", "telephone portable", "telephone mobile",
        "tel portable", "gsm", "numero de portable", "celular", "movil", "telefono movil",
        "telefono celular", "numero de celular", "numero movil", "telemovel", "telefone celular",
        "cellulare", "numero di cellulare", "telefono cellulare", "mobiel", "mobiele telefoon",
        "mobiel nummer", "telefoon mobiel", "phone mobile", "phone cell", "mobile 1",
        "phone 1 value",
        # a phone number of some kind
        "phone", "phone number", "phone no", "phone nr", "phonenumber", "phone 1", "primary phone",
        "customer phone", "contact number", "contact no", "contact phone", "telephone",
        "telephone number", "tel", "tel no", "tel nr", "number", "phone num", "ph", "phn",
        "telefon", "telefonnummer", "rufnummer", "tel nummer", "numero de telephone",
        "no de telephone", "no telephone", "num tel", "telefono", "numero de telefono",
        "n telefono", "telefone", "numero de telefone", "numero di telefono", "telefoon",
        "telefoonnummer", "tel number", "phone 2", "mobile 2",
        # seldom one that gets texts
        "home phone", "home", "phone home", "work phone", "phone work", "business phone",
        "office phone",
    ),
    "first_name": (
        "first name", "firstname", "first nm", "first", "fname", "f name", "given name",
        "given names", "givenname", "forename", "christian name", "preferred name", "nickname",
        "customer first name", "contact first name", "name first",
        "vorname", "rufname", "prenom", "primer nombre", "nombre de pila", "primeiro nome",
        "nome proprio", "nome di battesimo", "voornaam", "roepnaam",
    ),
    "last_name": (
        "last name", "lastname", "last nm", "last", "lname", "l name", "surname", "family name",
        "familyname", "customer last name", "contact last name", "name last", "second name",
        "nachname", "familienname", "zuname", "nom de famille", "apellido", "apellidos",
        "primer apellido", "sobrenome", "apelido", "ultimo nome", "cognome", "achternaam",
        "familienaam",
    ),
    "full_name": (
        "full name", "fullname", "customer name", "client name", "contact name", "display name",
        "member name", "name and surname", "first and last name", "first last", "customer",
        "contact", "vollstandiger name", "vor und nachname", "vorname nachname", "vorname name",
        "kunde", "kundenname", "nom complet", "nom et prenom", "nom prenom", "nombre completo",
        "nombre y apellido", "nombre y apellidos", "nome completo", "nome e cognome",
        "nome e sobrenome", "nominativo", "volledige naam", "klant", "klantnaam", "client",
        "cliente", "nome cliente", "nombre cliente",
    ),
    "email": (
        "email", "e mail", "email address", "e mail address", "email addr", "mail", "emailaddress",
        "primary email", "customer email", "contact email", "email 1", "e mail adresse",
        "emailadresse", "mailadresse", "mail adresse", "adresse email", "adresse e mail",
        "courriel", "adresse mail", "correo", "correo electronico", "direccion de correo",
        "endereco de email", "correio eletronico", "indirizzo email", "indirizzo e mail",
        "posta elettronica", "e mailadres", "emailadres", "email 2", "e mail 1 value",
    ),
    "city": (
        "city", "town", "city name", "home city", "mailing city", "billing city", "shipping city",
        "locality", "stadt", "ort", "wohnort", "ville", "commune", "localite", "ciudad",
        "municipio", "poblacion", "localidad", "cidade", "citta", "comune", "localita", "stad",
        "plaats", "woonplaats",
    ),
    "state": (
        "state", "st", "state province", "province state", "state region", "province", "prov",
        "us state", "home state", "state code", "billing state", "mailing state", "shipping state",
        "region", "bundesland", "kanton", "canton", "departement",
        "estado", "provincia", "comunidad autonoma", "uf", "regione", "regiao", "provincie",
        "staat",
    ),
    "city_state": (
        "city st", "city state", "city and state", "citystate", "location", "city province",
        "place", "town state", "address city state",
    ),
    "time_zone": (
        "time zone", "timezone", "tz", "time zone name", "zeitzone", "fuseau horaire",
        "zona horaria", "huso horario", "fuso horario", "fuso orario", "tijdzone",
    ),
    "notes": (
        "notes", "note", "comment", "comments", "remarks", "remark", "memo", "description",
        "customer notes", "notizen", "notiz", "bemerkung", "bemerkungen", "kommentar", "anmerkung",
        "anmerkungen", "remarque", "remarques", "commentaire", "commentaires", "notas", "nota",
        "comentario", "comentarios", "observaciones", "observacoes", "commenti", "commento",
        "osservazioni", "opmerking", "opmerkingen", "notities",
    ),
}  # fmt: skip

# One word for a first, a last or a whole name; the columns around it decide.
NAME_WORDS = frozenset({"name", "names", "nombre", "nombres", "nom", "nome", "naam", "nm"})

RANKED: dict[str, tuple[str, int]] = {
    heading: (target, rank)
    for target, headings in HEADINGS.items()
    for rank, heading in enumerate(headings)
}


def heading_words(heading: str) -> str:
    """A heading made comparable: "Cell #" gives "cell", "firstName" gives "first name"."""
    return " ".join(_NOT_WORD.sub(" ", fold(_CAMEL_BORDER.sub(" ", heading))).split())
