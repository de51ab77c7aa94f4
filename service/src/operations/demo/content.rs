//! The names, invites and groups of the demo data: a neighbourhood workshop with members from many countries.

use domain::access::Permission;

use super::terms::STUDENTS;

/// The site name.
pub(super) const SITE_NAME: &str = "Brambleyard Makers";
/// The owner's display name.
pub(super) const OWNER_NAME: &str = "Ngozi Adeyemi-Oduya";

/// Usernames and display names of the accounts. If more are needed, they are repeated with a number.
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

/// The state that an invite reaches, apart from its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Not paused, deleted or filled on purpose.
    Normal,
    /// Used up soon after it was created.
    UsedUp,
    /// Paused two days ago.
    Paused,
    /// Deleted three days ago.
    Deleted,
}

/// The template of an invite. Days count back from now; a negative age means that the invite starts in the future.
#[derive(Clone, Copy, Debug)]
pub(super) struct InviteTemplate {
    pub(super) label: &'static str,
    /// The age in days or, if negative, the days until the start.
    pub(super) age_days: i64,
    /// The days from the start to the expiry; `None` means no expiry.
    pub(super) lifetime_days: Option<i64>,
    /// Maximum uses; `None` means unlimited.
    pub(super) max_uses: Option<u32>,
    /// How often it is used, from 0 (never) to 10.
    pub(super) popularity: u32,
    pub(super) outcome: Outcome,
    /// Whether it grants the role `moderator`.
    pub(super) grants_moderator: bool,
    /// The own code; `None` means a random code.
    pub(super) code: Option<&'static str>,
}

const fn template(
    label: &'static str,
    age_days: i64,
    lifetime_days: Option<i64>,
    max_uses: Option<u32>,
    popularity: u32,
) -> InviteTemplate {
    InviteTemplate {
        label,
        age_days,
        lifetime_days,
        max_uses,
        popularity,
        outcome: Outcome::Normal,
        grants_moderator: false,
        code: None,
    }
}

const fn with_outcome(template: InviteTemplate, outcome: Outcome) -> InviteTemplate {
    InviteTemplate { outcome, ..template }
}

/// The index of the invite that can always be used. Sign-ups without another invite use it.
pub(super) const ALWAYS_USABLE: usize = 0;

/// The indexes of the invites that most sign-ups use while they can be used.
pub(super) const MOST_USED: [usize; 2] = [1, 2];

/// The templates of the invites. If more are needed, they are repeated with a number.
pub(super) const INVITES: [InviteTemplate; 26] = [
    template("Neighbours of Mill Lane", 59, None, None, 5),
    template("Open evening, last month", 52, Some(14), Some(40), 10),
    template("Open evening", 18, Some(19), Some(40), 10),
    with_outcome(template("Flyer at the library", 45, None, Some(500), 5), Outcome::Paused),
    with_outcome(template("Volunteers for the roof day", 30, None, Some(6), 10), Outcome::UsedUp),
    with_outcome(template("Kiln course, two evenings", 9, None, Some(4), 10), Outcome::UsedUp),
    template(
        "Tischlerkurs für Anfängerinnen und Anfänger der Nachbarschaftswerkstatt Oberwaldhausen",
        25,
        Some(60),
        Some(20),
        5,
    ),
    template("لقاء الجيران في ورشة الخزف", 20, Some(40), Some(30), 4),
    template("社区木工坊开放日", 15, Some(30), Some(50), 4),
    template("Sửa xe đạp cùng nhau", 10, Some(21), Some(15), 4),
    template("Warsztaty ceramiki dla początkujących", 9, None, None, 4),
    template("Hoʻolauleʻa ma ka hale hana", 8, Some(14), Some(80), 3),
    InviteTemplate {
        grants_moderator: true,
        ..with_outcome(template("Moderators for the forum", 40, None, Some(2), 10), Outcome::UsedUp)
    },
    template("For the neighbour upstairs", 7, None, Some(1), 2),
    template("", 33, None, None, 3),
    template("Repair café, first Saturday", 35, None, None, 9),
    with_outcome(template("Old forum pin", 55, None, None, 6), Outcome::Deleted),
    with_outcome(template("Summer fair", 50, Some(5), None, 4), Outcome::Deleted),
    template("Spring term, early birds", -20, Some(40), Some(60), 0),
    template("Press and guests", 5, Some(12), Some(10), 0),
    template("Board members", 7, None, Some(5), 0),
    with_outcome(template("Test, please ignore", 44, None, None, 0), Outcome::Paused),
    InviteTemplate { code: Some("brambleyard-art-school"), ..template(STUDENTS, 28, Some(90), Some(200), 6) },
    template("Lost and found shelf", 1, Some(7), None, 4),
    template("Christmas market stall", 2, Some(26), Some(25), 5),
    template("A second admin", 1, Some(7), Some(1), 0),
];

/// The template of a group.
#[derive(Clone, Copy, Debug)]
pub(super) struct GroupTemplate {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) permissions: &'static [Permission],
    /// The labels of the invites that grant it.
    pub(super) invites: &'static [&'static str],
    /// Staff added every n-th account; this is n.
    pub(super) every: usize,
    /// The first of those whom staff added are managers.
    pub(super) managers: usize,
    /// Whether the membership of the next one ends soon.
    pub(super) one_leaves: bool,
}

/// The templates of the groups.
pub(super) const GROUPS: [GroupTemplate; 5] = [
    GroupTemplate {
        name: "Organisers",
        description: "They run the open evenings and invite guests to them",
        permissions: &[Permission::InvitesCreate, Permission::InvitesCreateMulti, Permission::InvitesView],
        invites: &["Board members"],
        every: 19,
        managers: 1,
        one_leaves: false,
    },
    GroupTemplate {
        name: "Potters",
        description: "Everyone who uses the kiln",
        permissions: &[],
        invites: &[
            STUDENTS,
            "Kiln course, two evenings",
            "Warsztaty ceramiki dla początkujących",
            "لقاء الجيران في ورشة الخزف",
        ],
        every: 12,
        managers: 2,
        one_leaves: true,
    },
    GroupTemplate {
        name: "Woodworkers",
        description: "Allowed at the machines after the safety course",
        permissions: &[],
        invites: &[
            "Tischlerkurs für Anfängerinnen und Anfänger der Nachbarschaftswerkstatt Oberwaldhausen",
            "社区木工坊开放日",
        ],
        every: 9,
        managers: 1,
        one_leaves: false,
    },
    GroupTemplate {
        name: "Repair café",
        description: "Helpers on the first Saturday of the month",
        permissions: &[Permission::RedemptionsView],
        invites: &["Sửa xe đạp cùng nhau"],
        every: 15,
        managers: 1,
        one_leaves: false,
    },
    GroupTemplate {
        name: "متطوّعون",
        description: "متطوّعو يوم السقف",
        permissions: &[],
        invites: &["Volunteers for the roof day"],
        every: 23,
        managers: 0,
        one_leaves: false,
    },
];

/// An application.
pub(super) struct ApplicationTemplate {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) url: &'static str,
    /// Where it returns to below its address, if it is connected by OpenID Connect.
    pub(super) returns_to: Option<&'static str>,
    /// Whether a proxy in front of it asks who is signed in.
    pub(super) forward_auth: bool,
    pub(super) consent: bool,
    /// The groups that it admits; everyone if there are none.
    pub(super) groups: &'static [&'static str],
}

/// The applications.
pub(super) const APPLICATIONS: [ApplicationTemplate; 5] = [
    ApplicationTemplate {
        name: "Chat",
        description: "Open WebUI, on the machine in the back room",
        url: "https://chat.brambleyard.example",
        returns_to: Some("/oauth/oidc/callback"),
        forward_auth: false,
        consent: false,
        groups: &[],
    },
    ApplicationTemplate {
        name: "Wiki",
        description: "How everything here works",
        url: "https://wiki.brambleyard.example",
        returns_to: Some("/oidc/callback"),
        forward_auth: false,
        consent: false,
        groups: &[],
    },
    ApplicationTemplate {
        name: "Kiln calendar",
        description: "When the kiln is free",
        url: "https://kiln.brambleyard.example",
        returns_to: None,
        forward_auth: true,
        consent: false,
        groups: &["Potters", "Organisers"],
    },
    ApplicationTemplate {
        name: "Machine booking",
        description: "Saws and lathes, by the hour",
        url: "https://booking.werkstatt.example",
        returns_to: Some("/auth/callback"),
        forward_auth: false,
        consent: true,
        groups: &["Woodworkers"],
    },
    ApplicationTemplate {
        name: "Photos of the open evenings and of the roof day",
        description: "Everybody may add theirs",
        url: "https://photos.brambleyard.example/albums",
        returns_to: None,
        forward_auth: false,
        consent: false,
        groups: &[],
    },
];
