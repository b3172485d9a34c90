namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>Word lists of <see cref="MinorRule"/>, in the languages that most reports are written in.
/// </summary>
internal static class MinorWords
{
    /// <summary>Words for a child or a pupil, in the forms that texts have.</summary>
    public static HashSet<string> Children { get; } = Of(
        """
        child children kid kids toddler toddlers baby babies infant infants minor minors teen teens
        teenager teenagers teenage pupil pupils schoolgirl schoolboy schoolchild schoolchildren daughter
        son girl boy underage preschooler Kind Kinder Kindern Kindes Kinds Baby Säugling Schüler Schülerin
        Schülerinnen Schülern Schülers Grundschüler Grundschülerin Jugendliche Jugendlicher Jugendlichen
        Tochter Sohn Mädchen Junge Teenagerin enfant enfants élève élèves mineur mineure mineurs mineures
        bébé fille fils garçon écolier écolière collégien collégienne lycéen lycéenne adolescent
        adolescente adolescents adolescentes niño niña niños niñas menor menores alumno alumna alumnos
        alumnas bebé hijo hija chico chica bambino bambina bambini bambine minore minori minorenne alunno
        alunna figlio figlia ragazzo ragazza neonato studentessa criança crianças menino menina aluno
        aluna filho filha bebê kinderen leerling leerlingen scholier scholiere minderjarige dochter zoon
        meisje jongen kleuter dziecko dzieci dziecka uczeń uczennica nieletni nieletnia małoletni córka
        syn dziewczynka chłopiec çocuk çocuğu öğrenci kızı oğlu bebek barn barnet elev eleven dotter
        datter sønn pojke flicka pige dreng jente gutt lapsi oppilas tytär poika gyerek gyermek tanuló
        diák dítě žák žákyně žiak žiačka copil elevă fiica fiul ребёнок ребенок ребёнка ребенка дети детей
        школьник школьница ученик ученица дочь дочка сын мальчик девочка подросток несовершеннолетний
        несовершеннолетняя дитина дитини діти учень учениця донька син хлопчик дівчинка παιδί παιδιά
        μαθητής μαθήτρια κόρη γιος ανήλικος
        """);

    /// <summary>Words before which a number of years is an age.</summary>
    public static HashSet<string> Aged { get; } = Of(
        "aged age Alter âgé âgée âge edad età idade leeftijd wiek wieku alder ålder ikä възраст возраст");

    /// <summary>Words before which a number of years is a span of time.</summary>
    public static HashSet<string> Spans { get; } = Of(
        """
        for over within last past next in after seit vor nach für über pendant depuis dans en après hace
        durante tras hacia da per fa há por sinds voor na od przez za через около
        """);

    /// <summary>Words between which and a name nothing stands.</summary>
    public static HashSet<string> Titles { get; } = Of(
        """
        Mr Mrs Ms Miss Master little young named called Frau Herr kleine kleiner namens Mme Mlle Monsieur
        Madame petit petite nommé nommée prénommé appelé appelée Señor Señora Señorita llamado llamada
        Signor Signora chiamato chiamata Senhor Senhora chamado chamada mevrouw meneer genaamd pan pani
        imieniem
        """);

    /// <summary>Capitalised words that are no names of people: days, months, parts of texts.</summary>
    public static HashSet<string> NoNames { get; } = Of(
        """
        January February March April May June July August September October November December Jan Feb Mar
        Apr Jun Jul Aug Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday Sunday
        Januar Februar März Mai Juni Juli Oktober Dezember Montag Dienstag Mittwoch Donnerstag Freitag
        Samstag Sonntag Lundi Mardi Mercredi Jeudi Vendredi Samedi Dimanche Janvier Février Mars Avril
        Juin Juillet Août Septembre Octobre Novembre Décembre Enero Febrero Marzo Abril Mayo Junio Julio
        Agosto Septiembre Octubre Noviembre Diciembre Figure Fig Table Section Sec Article Art Chapter
        Part Step Version Appendix Annex Note Level Grade Class Phase Stage Page Item Kapitel Tabelle
        Abbildung Abb Abschnitt Absatz Abs Artikel Anhang Nummer Nr Seite Stufe Klasse Schritt Teil Punkt
        Tableau Chapitre Annexe Tabla Capítulo Artículo Anexo Tabella Capitolo The This That These Those
        When After Before During Since He She They It We You His Her Their And But Der Die Das Ein Eine
        Einem Einer Am Im Le La Les Un Une Des El Los Las Il Lo Una O Os As Een De Het
        """);

    /// <summary>Common given names; those that are also words, months, places or products are left out.
    /// </summary>
    public static HashSet<string> GivenNames { get; } = Of(
        """
        Aaron Abigail Adam Adrian Aidan Aisha Alejandra Alejandro Alessandro Alessia Alexander Alexandra
        Ali Alice Alicia Amanda Amelia Amelie Amina Amir Amira Amy Ana Anaïs Andrea Andreas Andrew Angela
        Anita Anna Anne Annika Anton Antonia Antonio Arthur Ashley Astrid Aurora Ava Ayşe Barbara Beatrice
        Beatriz Ben Benjamin Bianca Brandon Brian Bruno Camila Camille Carla Carlos Carmen Carolina
        Caroline Catherine Cem Charles Charlotte Chiara Chloe Chloé Christian Christina Christine
        Christopher Clara Claire Clémence Connor Daniel Daniela David Deborah Dennis Diana Dominik Dylan
        Eduardo Edward Elena Elias Elif Elisa Elizabeth Ella Ellie Emil Emilia Emily Emine Emma Enzo Eric
        Erik Esther Ethan Eva Evan Eve Evelyn Fabian Fatima Fatma Felipe Felix Fernanda Fernando Filip
        Finn Francesca Francesco Francisco Franziska Gabriel Gabriela Giulia Giuseppe Greta Gustav Hannah
        Hanna Hans Harry Hasan Heather Helena Henri Henry Hugo Hüseyin Ibrahim Ida Ines Inès Isabel
        Isabella Isabelle Jakob Jacob Jade James Jan Jana Jannik Jasmin Jason Jean Jennifer Jeremy Jessica
        Joanna Johanna Johannes John Jonas Jonathan Joseph Joshua Juan Julia Julian Julie Juliette Justin
        Karim Karl Karolina Katarina Katharina Katherine Kevin Khadija Kim Klara Konstantin Kübra Kyle
        Lara Laura Lauren Lea Léa Leah Lena Leo Leon Leonie Leonor Levi Liam Lily Lina Linda Lisa Logan
        Lorenzo Louis Louise Luca Lucas Lucía Lucie Luigi Luis Luisa Lukas Luna Maja Malik Manon Marcel
        Marco Margaret Maria María Mariam Marie Mario Marlene Marta Martha Martin Martina Mary Maryam
        Mateo Mathilde Matteo Matthew Maximilian Maya Megan Mehmet Melanie Melissa Mia Michael Michelle
        Miguel Mila Milan Mohamed Mohammed Muhammad Mustafa Nadia Natalia Natalie Nathan Nathalie Nicholas
        Nicolas Nicole Niklas Nina Noah Nora Oliver Olivia Omar Oscar Owen Pablo Paola Pascal Patricia
        Patrick Paul Paula Pedro Peter Philipp Pierre Rachel Rafael Rania Raphaël Rebecca Ricardo Richard
        Robert Rosa Ruben Ryan Sabrina Sahar Salma Samuel Samantha Sandra Sara Sarah Sebastian Selin
        Serena Sergio Simon Sofia Sofía Sophia Sophie Stefan Stephanie Stephen Susan Tatiana Tessa Thea
        Theo Théo Thomas Tim Timothy Tobias Tommaso Tyler Valentina Vanessa Vincent Viktoria Walter
        William Yasmin Yusuf Yuki Zachary Zara Zeynep Zoe Zoé Zofia Agnieszka Jakub Kacper Katarzyna
        Małgorzata Michał Piotr Szymon Wojciech Zuzanna Anastasia Dmitri Ekaterina Ivan Olga Svetlana
        Александр Алексей Анастасия Анна Дарья Дмитрий Екатерина Иван Ксения Маша Мария Михаил Наташа
        Никита Оля Ольга Павел Петя Саша Сергей Соня София Татьяна Андрій Марія Олена Олександр Тарас
        Γιώργος Δημήτρης Ελένη Κώστας Μαρία Νίκος
        """);

    private static HashSet<string> Of(string words) => new(
        words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.OrdinalIgnoreCase);
}
