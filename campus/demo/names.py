"""Names for invented people, as they sound in the north and as they arrive from elsewhere."""

FIRST = (
    "Aafke", "Abel", "Aletta", "Alie", "Anco", "Anneke", "Arjen", "Auke", "Baukje", "Berend",
    "Bernlef", "Bouke", "Brecht", "Carolien", "Daan", "Dieuwke", "Doeke", "Douwe", "Eelco",
    "Eline", "Elske", "Engbert", "Esmee", "Fenna", "Floor", "Foppe", "Freerk", "Froukje",
    "Geertje", "Gerben", "Gert", "Gosse", "Grietje", "Harm", "Hanneke", "Heleen", "Hidde",
    "Hilde", "Hinke", "Ids", "Imke", "Ingrid", "Jacob", "Janna", "Japke", "Jelmer", "Jeltje",
    "Jesse", "Jikke", "Jorrit", "Joukje", "Julia", "Karst", "Klaske", "Koen", "Laura", "Lieuwe",
    "Lisanne", "Lutske", "Maaike", "Machiel", "Mare", "Margriet", "Marijn", "Marleen",
    "Meindert", "Menno", "Merel", "Mette", "Nanne", "Nienke", "Okke", "Oene", "Pieter", "Popke",
    "Reinder", "Renske", "Riemer", "Roelof", "Ruth", "Sake", "Sjoerd", "Sybren", "Tamme",
    "Teun", "Tineke", "Tjitske", "Trijntje", "Uilke", "Vera", "Wiebe", "Wietske", "Wout",
    "Wubbo", "Ymkje", "Yde", "Zwaan",
)  # fmt: skip

LAST = (
    "Aalders", "Abbing", "Algra", "Bakker", "Beetsma", "Bijlsma", "Boersma", "Bolhuis", "Bos",
    "Bosma", "Brouwer", "Bruinsma", "Buikema", "Cazemier", "Dalmolen", "de Boer", "de Groot",
    "de Haan", "de Jager", "Dijkema", "Dijkhuis", "Douma", "Drenth", "Eizenga", "Elzinga",
    "Feenstra", "Fokkens", "Folkertsma", "Galama", "Geertsema", "Groenewold", "Haan", "Haveman",
    "Heidema", "Hoekzema", "Hofstra", "Holwerda", "Hoogland", "Hummel", "Idsinga", "Jansma",
    "Jongsma", "Kamminga", "Kloosterman", "Knol", "Koster", "Kramer", "Krol", "Kuipers",
    "Landman", "Leegwater", "Linstra", "Medema", "Meijer", "Miedema", "Mollema", "Nauta",
    "Nijboer", "Noorda", "Oosterhuis", "Oosting", "Pals", "Poelman", "Pool", "Prins", "Reitsma",
    "Rinsma", "Roorda", "Rozema", "Schaafsma", "Schuringa", "Sikkema", "Sikkens", "Smid",
    "Spoelstra", "Stuut", "Terpstra", "Tiddens", "Tolsma", "Tuinman", "van Dam", "van der Laan",
    "van der Meulen", "van der Veen", "van Zanten", "Veenstra", "Veldman", "Venema", "Visscher",
    "Visser", "Vos", "Wagenaar", "Wallinga", "Werkman", "Wiarda", "Wierenga", "Wijnja",
    "Zijlstra", "Zuidema", "Zwart",
)  # fmt: skip

FROM_ELSEWHERE = (
    "Adaeze Okafor", "Agnieszka Kowalczyk", "Aiko Tanaka", "Alejandra Ruiz", "Andrei Popescu",
    "Anjali Menon", "Ayoub Haddou", "Beatriz Carvalho", "Bilal Rahmani", "Chiara Fontana",
    "Dilara Aydin", "Diego Herrera", "Elif Kaya", "Emeka Obi", "Eszter Nagy",
    "Fatima Zahra Amrani", "Giulia Moretti", "Hamid Karimi", "Hana Dvořák", "Henrik Lund",
    "Ibrahim Sesay", "Ines Duarte", "Iryna Shevchenko", "Jamal Bouzid", "Jonas Brandt",
    "Katarzyna Wójcik", "Kwame Mensah", "Lars Eriksen", "Leila Haddad", "Liam Byrne",
    "Lucía Navarro", "Mahmoud Saleh", "Marek Zielinski", "Maryam Hosseini", "Mehmet Arslan",
    "Mihail Ivanov", "Nadia Benali", "Nguyen Thi Lan", "Olena Kravchuk", "Omar Farouk",
    "Priya Raman", "Rania Khalil", "Ravi Shankaran", "Samuel Tesfaye", "Sofia Lindqvist",
    "Tariq Aziz Noor", "Thandi Nkosi", "Viktor Horvat", "Wei Zhang", "Yara Mansour",
)  # fmt: skip
