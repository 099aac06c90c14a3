using System.Globalization;
using System.Text;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>
/// The words of a text, lower-cased, as Elasticsearch's standard analyzer finds them: Unicode's word boundaries (UAX 29), no stop words, each ideograph a
/// word of its own.
/// </summary>
internal static class Words
{
    /// <summary>As in the standard analyzer: what is longer is cut, so that one endless word is not one endless value.</summary>
    private const int MaxLetters = 255;

    public static List<byte[]> Of(ReadOnlySpan<byte> utf8) => [.. Of(Encoding.UTF8.GetString(utf8)).Select(Encoding.UTF8.GetBytes)];

    public static List<string> Of(string text) => Of(text, places: null);

    /// <summary>The words; where they begin and end in the text is added to <paramref name="places"/>.</summary>
    public static List<string> Of(string text, List<(int Start, int End)>? places)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var runes = text.EnumerateRunes().ToArray();
        var (at, start) = (0, 0);
        for (var i = 0; i < runes.Length; at += runes[i].Utf16SequenceLength, i++)
        {
            var kind = KindOf(runes[i]);
            if (kind == WordRune.Ideograph)
            {
                End(word, words, places, start);
                words.Add(runes[i].ToString());
                places?.Add((at, at + runes[i].Utf16SequenceLength));
            }
            else if (kind is WordRune.Letter or WordRune.Digit or WordRune.Joiner || (word.Length > 0 && (kind == WordRune.Mark || Bridges(runes, i))))
            {
                if (word.Length == 0) start = at;
                word.Append(Rune.ToLowerInvariant(runes[i]).ToString());
            }
            else
            {
                End(word, words, places, start);
            }
        }

        End(word, words, places, start);
        return words;
    }

    /// <summary>Lower case is as long as upper case in UTF-16 (the few exceptions would move a mark by a letter).</summary>
    private static void End(StringBuilder word, List<string> words, List<(int Start, int End)>? places, int at)
    {
        for (var start = 0; start < word.Length; start += MaxLetters)
        {
            var part = word.ToString(start, Math.Min(MaxLetters, word.Length - start));

            // Connectors alone ("__") are no word.
            if (!part.Any(char.IsLetterOrDigit)) continue;
            words.Add(part);
            places?.Add((at + start, at + start + part.Length));
        }

        word.Clear();
    }

    /// <summary>An apostrophe between letters, a comma between digits, a dot between either: they do not end a word.</summary>
    private static bool Bridges(Rune[] runes, int at)
    {
        if (at == 0 || at + 1 >= runes.Length) return false;
        var before = KindOf(runes[at - 1]);
        var after = KindOf(runes[at + 1]);
        return runes[at].Value switch
        {
            '.' or '\'' or 0x2018 or 0x2019 or 0x2024 => before == after && before is (WordRune.Letter or WordRune.Digit),
            ',' or ';' => before == WordRune.Digit && after == WordRune.Digit,
            0xB7 => before == WordRune.Letter && after == WordRune.Letter,
            _ => false,
        };
    }

    private static WordRune KindOf(Rune rune)
    {
        if (IsIdeograph(rune.Value)) return WordRune.Ideograph;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter => WordRune.Letter,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => WordRune.Letter,
            UnicodeCategory.DecimalDigitNumber => WordRune.Digit,
            UnicodeCategory.ConnectorPunctuation => WordRune.Joiner,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => WordRune.Mark,
            _ => WordRune.Other,
        };
    }

    /// <summary>Han and Hiragana: no spaces there, so each is a word.</summary>
    private static bool IsIdeograph(int value) => value is
        (>= 0x3005 and <= 0x3007) or (>= 0x3021 and <= 0x3029) or (>= 0x3041 and <= 0x309F) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
