"""The festivals that the moon and the sun set, as Gregorian dates, 2004–2040. Data only.

Computed once with lunar_python 1.4.8 (first month day 1, the solar term 清明, fifth month day 5, eighth month day 15;
leap months are passed over), and compared with the dates the State Council's notices name up to 2026.
"""
from datetime import date
from typing import NamedTuple


class Festivals(NamedTuple):
    """The days of one year on which the four festivals fall."""

    spring: date                           # 春节, the first day of the lunar year
    qingming: date                         # 清明
    dragon_boat: date                      # 端午
    mid_autumn: date                       # 中秋


_TABLE = """
    year 春节  清明  端午  中秋
    2004 01-22 04-04 06-22 09-28
    2005 02-09 04-05 06-11 09-18
    2006 01-29 04-05 05-31 10-06
    2007 02-18 04-05 06-19 09-25
    2008 02-07 04-04 06-08 09-14
    2009 01-26 04-04 05-28 10-03
    2010 02-14 04-05 06-16 09-22
    2011 02-03 04-05 06-06 09-12
    2012 01-23 04-04 06-23 09-30
    2013 02-10 04-04 06-12 09-19
    2014 01-31 04-05 06-02 09-08
    2015 02-19 04-05 06-20 09-27
    2016 02-08 04-04 06-09 09-15
    2017 01-28 04-04 05-30 10-04
    2018 02-16 04-05 06-18 09-24
    2019 02-05 04-05 06-07 09-13
    2020 01-25 04-04 06-25 10-01
    2021 02-12 04-04 06-14 09-21
    2022 02-01 04-05 06-03 09-10
    2023 01-22 04-05 06-22 09-29
    2024 02-10 04-04 06-10 09-17
    2025 01-29 04-04 05-31 10-06
    2026 02-17 04-05 06-19 09-25
    2027 02-06 04-05 06-09 09-15
    2028 01-26 04-04 05-28 10-03
    2029 02-13 04-04 06-16 09-22
    2030 02-03 04-05 06-05 09-12
    2031 01-23 04-05 06-24 10-01
    2032 02-11 04-04 06-12 09-19
    2033 01-31 04-04 06-01 09-08
    2034 02-19 04-05 06-20 09-27
    2035 02-08 04-05 06-10 09-16
    2036 01-28 04-04 05-30 10-04
    2037 02-15 04-04 06-18 09-24
    2038 02-04 04-05 06-07 09-13
    2039 01-24 04-05 05-27 10-02
    2040 02-12 04-04 06-14 09-20
"""

FESTIVALS = {
    int(year): Festivals(*(date.fromisoformat(f"{year}-{day}") for day in days))
    for year, *days in map(str.split, _TABLE.strip().splitlines()[1:])
}
"""Year -> Festivals. A year not listed has none that we know."""
