"""The first division of countries whose addresses name it: what is stored, and what is shown.

The stored word is what the carrier prints. Sources: ISO 3166-2 CN, JP, US.
"""

_CHINA = """
    北京市 Beijing, 天津市 Tianjin, 上海市 Shanghai, 重庆市 Chongqing, 河北省 Hebei, 山西省 Shanxi, 内蒙古自治区 Inner
    Mongolia, 辽宁省 Liaoning, 吉林省 Jilin, 黑龙江省 Heilongjiang, 江苏省 Jiangsu, 浙江省 Zhejiang, 安徽省 Anhui,
    福建省 Fujian, 江西省 Jiangxi, 山东省 Shandong, 河南省 Henan, 湖北省 Hubei, 湖南省 Hunan, 广东省 Guangdong,
    广西壮族自治区 Guangxi, 海南省 Hainan, 四川省 Sichuan, 贵州省 Guizhou, 云南省 Yunnan, 西藏自治区 Tibet, 陕西省 Shaanxi,
    甘肃省 Gansu, 青海省 Qinghai, 宁夏回族自治区 Ningxia, 新疆维吾尔自治区 Xinjiang
"""
_JAPAN = """
    北海道 Hokkaido, 青森県 Aomori, 岩手県 Iwate, 宮城県 Miyagi, 秋田県 Akita, 山形県 Yamagata, 福島県 Fukushima, 茨城県
    Ibaraki, 栃木県 Tochigi, 群馬県 Gunma, 埼玉県 Saitama, 千葉県 Chiba, 東京都 Tokyo, 神奈川県 Kanagawa, 新潟県
    Niigata, 富山県 Toyama, 石川県 Ishikawa, 福井県 Fukui, 山梨県 Yamanashi, 長野県 Nagano, 岐阜県 Gifu, 静岡県
    Shizuoka, 愛知県 Aichi, 三重県 Mie, 滋賀県 Shiga, 京都府 Kyoto, 大阪府 Osaka, 兵庫県 Hyogo, 奈良県 Nara, 和歌山県
    Wakayama, 鳥取県 Tottori, 島根県 Shimane, 岡山県 Okayama, 広島県 Hiroshima, 山口県 Yamaguchi, 徳島県
    Tokushima, 香川県 Kagawa, 愛媛県 Ehime, 高知県 Kochi, 福岡県 Fukuoka, 佐賀県 Saga, 長崎県 Nagasaki, 熊本県
    Kumamoto, 大分県 Oita, 宮崎県 Miyazaki, 鹿児島県 Kagoshima, 沖縄県 Okinawa
"""
_UNITED_STATES = """
    AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut,
    DE Delaware, DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL
    Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland,
    MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, MT Montana, NE
    Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico, NY New York, NC North
    Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, RI Rhode
    Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VA
    Virginia, WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming
"""


def _native(listed: str) -> tuple[tuple[str, str], ...]:
    """``東京都 Tokyo`` is stored as the first word and shown whole."""
    names = [" ".join(one.split()) for one in listed.split(",")]
    return tuple((name.partition(" ")[0], name) for name in names)


def _coded(listed: str) -> tuple[tuple[str, str], ...]:
    """``NY New York`` is stored as the code and shown as the name."""
    names = [" ".join(one.split()) for one in listed.split(",")]
    return tuple((name.partition(" ")[0], name.partition(" ")[2]) for name in names)


CHINA = _native(_CHINA)
JAPAN = _native(_JAPAN)
UNITED_STATES = _coded(_UNITED_STATES)
