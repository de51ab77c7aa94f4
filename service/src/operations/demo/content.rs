//! Who and what the demonstration is played with: a workshop that neighbours share, and people from everywhere.

/// What the place is called.
pub(super) const SITE: &str = "Brambleyard Makers";
/// The owner's name.
pub(super) const OWNER: &str = "Ngozi Adeyemi-Oduya";

/// Username and name of those who come; where there are more, they come again with a number.
pub(super) const PEOPLE: [(&str, &str); 64] = [
    ("ines.etxeberria", "Inés Etxeberria Zubizarreta"),
    ("layla.haddad", "ليلى حدّاد"),
    ("siyuan.chen", "陈思远"),
    ("wolfgang", "Wolfgang Freiherr von Oberwaldhausen-Schächtele"),
    ("huong.nguyen", "Nguyễn Thị Thanh Hương"),
    ("grzegorz", "Grzegorz Brzęczyszczykiewicz"),
    ("keanu", "Keanu Kaʻanāʻanā"),
    ("chiaki", "小林 千晶"),
    ("seoyeon", "김서연"),
    ("ananya", "अनन्या शर्मा"),
    ("olena.k", "Олена Коваленко"),
    ("giorgos", "Γιώργος Παπαδόπουλος"),
    ("noa", "נועה לוי"),
    ("somchai", "สมชาย ใจดี"),
    ("nino.b", "ნინო ბერიძე"),
    ("selam", "ሰላም ተስፋዬ"),
    ("kavitha", "கவிதா சுப்ரமணியன்"),
    ("wiremu", "Wiremu Tāwhai"),
    ("zeynep", "Zeynep Karadağlı"),
    ("aoife", "Aoife Ní Dhonnabháin"),
    ("mateo.qh", "Mateo Quispe Huamán"),
    ("arjun", "Arjun Venkataraghavan"),
    ("qianjing", "Li Qianjing"),
    ("jon", "Jón Þór Guðmundsson"),
    ("babajide", "Babájídé Ọlátúnjí"),
    ("rukmini", "রুক্মিণী সেনগুপ্ত"),
    ("anahit", "Անահիտ Պետրոսյան"),
    ("farid", "فرید کریمی"),
    ("ayse", "Ayşe Gül Öztürk"),
    ("llyr", "Llŷr ap Rhydderch"),
    ("margaux", "Margaux Lefèvre-Désilets"),
    ("joao", "João Conceição d’Ávila"),
    ("maiara", "Maiara Tupinambá"),
    ("tomasz", "Tomasz Wiśniewski"),
    ("eszter", "Szabó Eszter"),
    ("katerina", "Kateřina Dvořáková"),
    ("ioana", "Ioana Țărănescu"),
    ("dragana", "Драгана Ђорђевић"),
    ("aigerim", "Әйгерім Сәрсенбаева"),
    ("batbayar", "Батбаяр Ганзориг"),
    ("tenzin", "བསྟན་འཛིན"),
    ("thiri", "သီရိ"),
    ("sokha", "សុខា ចាន់"),
    ("putri", "Putri Ayu Lestari"),
    ("lagi", "Lagi Tuisawau"),
    ("malia", "Malia Faʻasavalu"),
    ("nanuk", "Nanuk ᓇᓄᖅ"),
    ("aputsiaq", "Aputsiaq Kleist"),
    ("lempi", "Lempi Hämäläinen-Räsänen"),
    ("liis", "Liis Õunapuu"),
    ("ruta", "Rūta Žemaitytė"),
    ("soren", "Søren Ångström Kjærgaard"),
    ("amira", "أميرة بن يوسف"),
    ("kwame", "Kwame Mɛnsa"),
    ("thandeka", "Thandeka Dlamini"),
    ("makena", "Makena wa Njoroge"),
    ("xochitl", "Xóchitl Hernández Cuautle"),
    ("yaretzi", "Yaretzi"),
    ("dominika", "Dominika Szczepańska"),
    ("omar", "عمر الفاروق محمود"),
    ("meilin", "林美玲"),
    ("takumi", "佐々木 匠"),
    ("simran", "ਸਿਮਰਨ ਕੌਰ"),
    ("bob", "Bob"),
];

/// What becomes of a link beside its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes its way.
    Runs,
    /// It fills up as soon as it is there.
    Fills,
    /// It was paused two days ago.
    Paused,
    /// It was deleted three days ago.
    Deleted,
}

/// A link as the plan makes it. Days count back from now; a negative age starts in the future.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) label: &'static str,
    /// When it was made, or, with a minus, when it will start, in days.
    pub(super) age: i64,
    /// For how many days, without end if none.
    pub(super) lasts: Option<i64>,
    /// For how many.
    pub(super) places: Option<u32>,
    /// How well it draws, of ten; nobody comes by a 0.
    pub(super) draw: u32,
    pub(super) fate: Fate,
    pub(super) moderators: bool,
    pub(super) code: Option<&'static str>,
}

const fn part(label: &'static str, age: i64, lasts: Option<i64>, places: Option<u32>, draw: u32) -> Part {
    Part { label, age, lasts, places, draw, fate: Fate::Runs, moderators: false, code: None }
}

const fn fated(part: Part, fate: Fate) -> Part {
    Part { fate, ..part }
}

/// The link that is always open. Whoever finds no other comes by it.
pub(super) const EVERGREEN: usize = 0;

/// The links that most come by while they are open: the big evenings.
pub(super) const FAVOURITES: [usize; 2] = [1, 2];

/// The links; where there are more, these come again with a number.
pub(super) const LINKS: [Part; 25] = [
    part("Neighbours of Mill Lane", 59, None, None, 5),
    part("Open evening, last month", 52, Some(14), Some(40), 10),
    part("Open evening", 18, Some(19), Some(40), 10),
    fated(part("Flyer at the library", 45, None, Some(500), 5), Fate::Paused),
    fated(part("Volunteers for the roof day", 30, None, Some(6), 10), Fate::Fills),
    fated(part("Kiln course, two evenings", 9, None, Some(4), 10), Fate::Fills),
    part(
        "Tischlerkurs für Anfängerinnen und Anfänger der Nachbarschaftswerkstatt Oberwaldhausen",
        25,
        Some(60),
        Some(20),
        5,
    ),
    part("لقاء الجيران في ورشة الخزف", 20, Some(40), Some(30), 4),
    part("社区木工坊开放日", 15, Some(30), Some(50), 4),
    part("Sửa xe đạp cùng nhau", 10, Some(21), Some(15), 4),
    part("Warsztaty ceramiki dla początkujących", 9, None, None, 4),
    part("Hoʻolauleʻa ma ka hale hana", 8, Some(14), Some(80), 3),
    Part { moderators: true, ..fated(part("Moderators for the forum", 40, None, Some(2), 10), Fate::Fills) },
    part("For the neighbour upstairs", 7, None, Some(1), 2),
    part("", 33, None, None, 3),
    part("Repair café, first Saturday", 35, None, None, 9),
    fated(part("Old forum pin", 55, None, None, 6), Fate::Deleted),
    fated(part("Summer fair", 50, Some(5), None, 4), Fate::Deleted),
    part("Spring term, early birds", -20, Some(40), Some(60), 0),
    part("Press and guests", 5, Some(12), Some(10), 0),
    part("Board members", 7, None, Some(5), 0),
    fated(part("Test, please ignore", 44, None, None, 0), Fate::Paused),
    Part { code: Some("brambleyard-art-school"), ..part("Students of the art school", 28, Some(90), Some(200), 6) },
    part("Lost and found shelf", 1, Some(7), None, 4),
    part("Christmas market stall", 2, Some(26), Some(25), 5),
];
