using System.Text.Json;

namespace Kuzzle.Edge.Koncorde.Tests.Regexps;

public sealed class RegexpTests
{
    [Theory]
    [InlineData("", "", "anything", true)]
    [InlineData("^$", "", "\n", false)]
    [InlineData("c$", "", "abc\n", false)]
    [InlineData("c$", "m", "abc\nd", true)]
    [InlineData("^b", "m", "a\nb", true)]
    [InlineData("^b", "", "a\nb", false)]
    [InlineData(@"\Ab", "m", "a\nb", false)]
    [InlineData(@"a\z", "m", "a\nb", false)]
    [InlineData("a.b", "", "a\nb", false)]
    [InlineData("a.b", "s", "a\nb", true)]
    [InlineData("^.$", "", "😀", true)]
    [InlineData("^[😀-😂]$", "", "😁", true)]
    [InlineData("^[^a]$", "", "😀", true)]
    [InlineData(@"^\d$", "", "٣", false)]
    [InlineData(@"\s", "", "\u00a0", false)]
    [InlineData(@"\w", "", "é", false)]
    [InlineData(@"\bfoo\b", "", "a foo b", true)]
    [InlineData(@"\bfoo\b", "", "afoo", false)]
    [InlineData(@"\Boo", "", "foo", true)]
    [InlineData("É", "i", "é", true)]
    [InlineData("σ", "i", "ς", true)]
    [InlineData("k", "i", "\u212a", true)]
    [InlineData("s", "i", "\u017f", true)]
    [InlineData("ß", "i", "ẞ", true)]
    [InlineData("ß", "i", "ss", false)]
    [InlineData("a(?i)b", "", "aB", true)]
    [InlineData("a(?i)b", "", "AB", false)]
    [InlineData("(?i:a)b", "", "Ab", true)]
    [InlineData("(?i:a)b", "", "AB", false)]
    [InlineData(@"^\pL+$", "", "été日", true)]
    [InlineData(@"^\p{Greek}$", "", "α", true)]
    [InlineData(@"^\p{^Greek}$", "", "α", false)]
    [InlineData(@"^\PN$", "", "1", false)]
    [InlineData("^[[:alpha:]_]+$", "", "a_b", true)]
    [InlineData("^[[:^alpha:]]$", "", "a", false)]
    [InlineData(@"^\Qa.b*\E$", "", "a.b*", true)]
    [InlineData(@"^\Qa.b", "", "axb", false)]
    [InlineData(@"^\x41\u0042\x{43}\103$", "", "ABCC", true)]
    [InlineData(@"^\cA$", "", "\u0001", true)]
    [InlineData(@"^\/\-$", "", "/-", true)]
    [InlineData("^a{2,3}$", "", "aaaa", false)]
    [InlineData("^a{2,}$", "", "aaaa", true)]
    [InlineData("^a{,3}$", "", "a{,3}", true)]
    [InlineData("^(a|b)*?c+$", "", "abcc", true)]
    [InlineData("(?P<n>a)(?<m>b)", "", "ab", true)]
    [InlineData("^[]a]+$", "", "]a", true)]
    [InlineData("^[a-]+$", "", "-a", true)]
    [InlineData("x", "gyu?", "x", true)]
    public void An_expression_means_what_RE2_says(string pattern, string flags, string text, bool matches) =>
        Matches(pattern, flags, text).ShouldBe(matches);

    [Theory]
    [InlineData("(", "missing ): (")]
    [InlineData("a)", "unexpected ): a)")]
    [InlineData("[a-", "missing ]: [a-")]
    [InlineData("[b-a]", "invalid character class range: b-a")]
    [InlineData("[[:foo:]]", "invalid character class range: [:foo:]")]
    [InlineData("*a", "no argument for repetition operator: *")]
    [InlineData("a**", "bad repetition operator: **")]
    [InlineData("a{2}{3}", "bad repetition operator: {2}{3}")]
    [InlineData("a{2,1}", "invalid repetition size: {2,1}")]
    [InlineData("a{1001}", "invalid repetition size: {1001}")]
    [InlineData("(a{100}){100}", "invalid repetition size: {100}")]
    [InlineData("a(?=b)", "invalid perl operator: (?=")]
    [InlineData("(?<!a)b", "invalid perl operator: (?<!")]
    [InlineData(@"(a)\1", @"invalid escape sequence: \1")]
    [InlineData(@"\Z", @"invalid escape sequence: \Z")]
    [InlineData(@"\C", @"invalid escape sequence: \C")]
    [InlineData(@"\p{Foo}", @"invalid character class range: \p{Foo}")]
    [InlineData("(?P<n>a)(?P<n>b)", "duplicate capture group name")]
    [InlineData("\\", "trailing \\")]
    public void What_a_linear_engine_cannot_do_is_refused_by_name(string pattern, string reason) =>
        Filter.RefusalOf($$$"""{"regexp":{"a":{{{Quote(pattern)}}}}}""").ShouldBe($"\"regexp.a\": cannot parse regexp expression \"/{pattern}/undefined\" ({reason})");

    [Fact]
    public void An_expression_that_would_be_too_large_is_refused()
    {
        var pattern = string.Concat(Enumerable.Repeat("a{1000}", 31));

        Filter.RefusalOf($$$"""{"regexp":{"a":"{{{pattern}}}"}}""")!.ShouldEndWith("(pattern too large - compile failed)");
    }

    [Fact]
    public void Groups_nested_a_thousand_deep_are_refused()
    {
        var pattern = new string('(', 1000) + new string(')', 1000);

        Filter.RefusalOf($$$"""{"regexp":{"a":"{{{pattern}}}"}}""")!.ShouldContain("expression nests too deeply");
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*)*b")]
    [InlineData("(x+x+)+y")]
    public void No_text_makes_an_expression_slow(string pattern)
    {
        var started = TimeProvider.System.GetTimestamp();

        Matches(pattern, "", new string('a', 100_000) + "!").ShouldBeFalse();

        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void States_beyond_the_bound_are_thrown_away_and_the_answer_stays_right()
    {
        var random = new Random(7);
        var letters = string.Create(50_000, random, static (text, random) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = (char)('a' + random.Next(2));
        });

        Matches("^.*a.{14}c$", "", letters + "c").ShouldBe(letters[^15] == 'a');
        Matches("a.{14}c$", "", letters + "a" + letters[..14] + "c").ShouldBeTrue();
    }

    private static bool Matches(string pattern, string flags, string text) =>
        Filter.Matches($$$$"""{"regexp":{"a":{"value":{{{{Quote(pattern)}}}},"flags":{{{{Quote(flags)}}}}}}}""", $$"""{"a":{{Quote(text)}}}""");

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
