"""First and last names of many cultures. They are paired within a culture; any likeness is chance."""

from __future__ import annotations

import random
from typing import NamedTuple


class _Culture(NamedTuple):
    weight: int
    first: tuple[str, ...]
    last: tuple[str, ...]


def _culture(weight: int, first: str, last: str) -> _Culture:
    return _Culture(weight, tuple(first.split()), tuple(last.split()))


_CULTURES = (
    _culture(
        26,
        "Abigail Amber Andrew Ben Bryce Caleb Carol Claire Cole Denise Diane Dylan Ella Emily Ethan"
        " Gail Grace Hannah Heather Holly Jack Janet Joel Karen Kyle Laura Leah Logan Lucas Lydia"
        " Megan Molly Nathan Nora Owen Paige Ray Ruth Ryan Scott Sharon Spencer Tessa Tyler Wade",
        "Abernathy Adams Albright Alderman Anders Armbruster Arnett Bailey Barrett Boone Brandt"
        " Carver Chandler Clements Crane Dalton Doyle Ellison Farrow Fletcher Garner Hale Harmon"
        " Hollis Ingram Keller Lambert Lowry Marsh Mercer Nolan Parrish Pruitt Quinn Ramsey Sawyer"
        " Sutton Talley Underwood Vaughn Walsh Whitaker Yates",
    ),
    _culture(
        27,
        "Alejandro Ana Beatriz Camila Carlos Carmen Cecilia Daniel Diego Elena Emilio Esperanza"
        " Esteban Felipe Gabriela Graciela Hector Inés Ivan Javier Joaquín José Leticia Lucía Luis"
        " Manuel Marisol Mateo Miguel Natalia Octavio Paloma Pilar Rafael Ramón Rosa Rubén Sofía"
        " Tomás Valeria Verónica Xavier Ximena Yolanda",
        "Acosta Aguilar Alcántara Aranda Arroyo Benavides Cantú Castañeda Cavazos Cisneros Delgado"
        " Escobedo Espinoza Fuentes Galván Garza Guerrero Herrera Ibarra Jaramillo Leal Luján"
        " Maldonado Montoya Morales Navarro Ochoa Ortega Pacheco Quintana Reyes Rentería Saldaña"
        " Salinas Tafoya Treviño Urbina Valdez Villarreal Zamora",
    ),
    _culture(
        12,
        "Andre Aaliyah Brianna Cedric Darnell Desmond Ebony Erica Imani Isaiah Jamal Janelle Jasmine"
        " Kendrick Kiara Lamar Latoya Malik Marcus Monique Nia Quentin Raven Renée Simone Tamika"
        " Terrence Tyrell Vanessa Xavier",
        "Adair Banks Battle Booker Broussard Coleman Dixon Fontenot Gaines Grier Hairston Jefferson"
        " Jordan Ledet Lewis Mosley Pettway Pickett Robinson Sampson Tillman Washington Whitfield"
        " Wiggins Winston",
    ),
    _culture(
        5,
        "Adaeze Adebayo Amara Babatunde Chidi Chinwe Emeka Folake Ifeoma Ikenna Kemi Ngozi Obinna"
        " Olumide Tunde Uche Yetunde Zainab",
        "Abiola Achebe Adeyemi Afolabi Akande Balogun Chukwu Eze Ibekwe Nwosu Obi Ogundipe Okafor"
        " Okonkwo Olatunji Onyeka Udoh",
    ),
    _culture(
        3,
        "Abena Akosua Ama Efua Ekow Esi Kofi Kojo Kwabena Kwame Nana Yaa",
        "Acheampong Amoah Ansah Asante Boateng Darko Mensah Opoku Osei Owusu Quaye",
    ),
    _culture(
        6,
        "Aditi Ananya Arjun Deepa Divya Gaurav Ishaan Kavya Lakshmi Meera Nikhil Priya Rahul Ravi"
        " Rohan Sanjay Shreya Sunita Vikram",
        "Agarwal Banerjee Bhatt Chawla Desai Gupta Iyer Joshi Kapoor Krishnan Menon Mehta Nair Patel"
        " Rao Reddy Sharma Subramanian",
    ),
    _culture(
        6,
        "An Bao Bình Duy Hạnh Hoa Huy Khanh Lan Linh Mai Minh Ngọc Phong Quang Thảo Trang Tuấn Vy",
        "Bùi Đặng Đỗ Dương Hoàng Huỳnh Lâm Lê Lý Ngô Nguyen Phạm Phan Trần Trịnh Võ",
    ),
    _culture(
        4,
        "Fatima Ahmad Amina Bilal Farah Hamza Hassan Huda Karim Khadija Layla Mariam Nadia Omar Rania"
        " Samir Yasmin Yusuf Zahra",
        "Abbasi Ahmed Al-Amin Awad Aziz Darwish Farouk Haddad Hakim Ismail Khalil Mansour Nasser Qureshi"
        " Rahman Saleh Siddiqui",
    ),
    _culture(
        4,
        "Chen Fang Grace Hao Jian Jing Kai Lei Li Mei Ming Ning Qiang Wei Xin Yan Yi Zhen",
        "Cai Chang Fan Gao Han He Hu Liang Lin Liu Luo Ma Shen Sun Tang Xu Yang Zhang Zhou",
    ),
    _culture(
        3,
        "Eun-ji Hana Hyun-woo Ji-ho Ji-woo Joon Min-jun Seo-yeon Soo-jin Sung Yuna",
        "Ahn Baek Cho Choi Han Jang Jung Kang Kwon Lim Noh Park Seo Shin Yoon",
    ),
    _culture(
        2,
        "Aiko Daichi Emi Haruka Haruto Kaori Kenji Naoko Ren Sakura Takumi Yui",
        "Fujita Hayashi Ito Kato Matsuda Nakamura Ogawa Sato Shimizu Tanaka Watanabe Yamada",
    ),
    _culture(
        4,
        "Angelo Analyn Bayani Cherry Dalisay Jericho Jovelyn Liezl Maricel Marivic Paolo Rowena",
        "Aquino Bautista Dela-Cruz Dimaculangan Evangelista Ilagan Macaraeg Manalo Pangilinan Santos"
        " Soriano Tolentino",
    ),
    _culture(
        4,
        "Anja Astrid Björn Dieter Freya Hanna Henrik Ingrid Jens Katrin Lars Liv Magnus Signe Sven",
        "Andersen Bergström Dahl Eriksen Fischer Hagen Holm Jørgensen Krüger Lindqvist Müller Nyberg"
        " Olsen Schäfer Sørensen Vogel",
    ),
    _culture(
        3,
        "Aoife Brendan Cian Deirdre Eoin Fiona Maeve Niamh Padraig Rory Saoirse Sinead",
        "Brennan Byrne Connolly Devlin Fitzgerald Gallagher Keane Malone McCarthy O'Brien O'Sullivan"
        " Rafferty",
    ),
    _culture(
        3,
        "Agnieszka Bohdan Danuta Halyna Jakub Katarzyna Łukasz Oksana Piotr Taras Wojciech Yulia Zofia",
        "Bondarenko Dąbrowski Jankowski Kovalenko Kowalczyk Lewandowski Melnyk Nowak Shevchenko"
        " Tkachenko Wójcik Zieliński",
    ),
    _culture(
        3,
        "Aiyana Bly Cody Delbert Dezbah Leland Lenora Myron Ramona Sheldon Verna Wilma",
        "Begay Benally Chee Deschenie Etsitty Manuelito Nez Tsosie Yazzie Zah",
    ),
    _culture(
        2,
        "Abebe Almaz Bekele Dawit Hirut Kidist Meseret Selam Tesfaye Yonas",
        "Abera Alemu Desta Gebre Haile Kebede Mekonnen Tadesse Wolde",
    ),
    _culture(
        2,
        "Arash Azadeh Dariush Kaveh Leila Mina Navid Parisa Shirin Soraya",
        "Ahmadi Farahani Hosseini Karimi Moradi Rezaei Shirazi Tehrani",
    ),
    _culture(
        2,
        "Antoine Céleste Élodie Étienne Geneviève Jean-Luc Marguerite Mathieu Noémie Thérèse",
        "Arceneaux Babineaux Beauchamp Boudreaux Fournier Guidry Hébert Landry Lefèvre Thibodeaux",
    ),
)
_WEIGHTS = [culture.weight for culture in _CULTURES]


class Names:
    """Gives out names, seldom one twice: of some thousand people a few share theirs, as in life."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._given: set[tuple[str, str]] = set()

    def another(self) -> tuple[str, str]:
        """A first and a last name."""
        name = self._draw()
        for _ in range(8):
            if name not in self._given:
                break
            name = self._draw()
        self._given.add(name)
        return name

    def _draw(self) -> tuple[str, str]:
        culture = self._chance.choices(_CULTURES, _WEIGHTS)[0]
        first, last = self._chance.choice(culture.first), self._chance.choice(culture.last)
        return first, last.replace("-", " ")
