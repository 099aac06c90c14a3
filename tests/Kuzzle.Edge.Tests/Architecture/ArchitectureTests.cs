using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kuzzle.Edge.Tests.Architecture;

/// <summary>The table of parts in docs/architecture.md and the project files say the same, and references point down.</summary>
public sealed partial class ArchitectureTests
{
    private const string Prefix = "Kuzzle.Edge.";

    /// <summary>What may lie at the top of the repository, apart from files and folders that begin with a dot.</summary>
    private static readonly string[] TopLevel =
    [
        "src", "tests", "image", "systemd", "scripts", "docs", "Kuzzle.Edge.sln", "README.md", "CHANGELOG.md", "LICENSE", "global.json", "BannedSymbols.txt",
        "Directory.Build.props", "Directory.Packages.props",
    ];

    /// <summary>What builds and runs leave behind; .gitignore names them.</summary>
    private static readonly string[] LeftBehind = ["artifacts", "node_modules", "TestResults"];

    private static readonly List<Part> Parts = ReadTable();

    [Fact]
    public void The_table_lists_every_project_once()
    {
        var projects = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName);

        Parts.Select(part => part.Project).Order(StringComparer.Ordinal).ShouldBe(projects.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_part_references_exactly_what_its_row_names()
    {
        foreach (var part in Parts)
        {
            References("src", part.Project).Order(StringComparer.Ordinal).ShouldBe(part.Uses.Order(StringComparer.Ordinal), part.Project);
        }
    }

    [Fact]
    public void References_point_down_the_table()
    {
        for (var row = 0; row < Parts.Count; row++)
        {
            var below = Parts.Skip(row + 1).Select(part => part.Project).ToHashSet(StringComparer.Ordinal);
            foreach (var used in Parts[row].Uses) below.ShouldContain(used, $"{Parts[row].Project} uses {used}");
        }
    }

    [Fact]
    public void A_part_uses_no_namespace_of_a_part_that_it_does_not_reference()
    {
        foreach (var part in Parts)
        {
            var foreign = Parts.Where(other => other != part && other.Project != "Kuzzle.Edge" && !part.Uses.Contains(other.Project, StringComparer.Ordinal)).ToList();
            foreach (var file in Sources(part.Project))
            {
                var text = File.ReadAllText(file);
                foreach (var other in foreign) text.ShouldNotContain($"using {other.Project}.", Case.Sensitive, file);
            }
        }
    }

    [Fact]
    public void Only_the_executable_reads_the_environment()
    {
        var readers = Parts.Where(part => part.Project != "Kuzzle.Edge")
            .SelectMany(part => Sources(part.Project))
            .Where(file => File.ReadAllText(file).Contains("Environment.GetEnvironmentVariable", StringComparison.Ordinal));

        readers.ShouldBeEmpty();
    }

    [Fact]
    public void Unsafe_code_has_one_home_at_the_most()
    {
        var homes = Parts.Where(part => Project("src", part.Project).Descendants("AllowUnsafeBlocks").Any(element => element.Value == "true"));

        homes.Select(part => part.Project).Except(["Kuzzle.Edge.Hardware"], StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void The_broker_and_the_codec_need_no_web_server()
    {
        foreach (var part in (string[])["Kuzzle.Edge.Broker", "Kuzzle.Edge.Mqtt"]) Project("src", part).Descendants("FrameworkReference").ShouldBeEmpty(part);
    }

    [Fact]
    public void Every_part_has_its_tests()
    {
        foreach (var part in Parts) Directory.Exists(Path.Combine(Repository.Root, "tests", part.Project + ".Tests")).ShouldBeTrue(part.Project);
    }

    [Fact]
    public void The_tests_of_a_part_do_not_reach_above_it()
    {
        foreach (var part in Parts)
        {
            var reachable = part.Uses.Append(part.Project).Append("Kuzzle.Edge.Testing").ToHashSet(StringComparer.Ordinal);
            foreach (var used in References("tests", part.Project + ".Tests").Where(used => !reachable.Contains(used)))
            {
                // A test may put its part to work over real neighbours, or drive what only tests use; but the part under test stays below none that uses it.
                if (Directory.Exists(Path.Combine(Repository.Root, "tests", used))) continue;
                Parts.Single(other => other.Project == used).Uses.ShouldNotContain(part.Project, $"{part.Project}.Tests uses {used}");
            }
        }
    }

    [Fact]
    public void A_folder_is_a_concept_and_not_a_kind_of_class()
    {
        string[] kinds = ["Helpers", "Models", "Utils", "Common", "Base", "Services", "Interfaces", "Extensions", "Misc", "Managers"];

        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories).Where(folder => !IsBuilt(folder));

        folders.Where(folder => kinds.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public void The_top_of_the_repository_holds_what_is_known()
    {
        var entries = Directory.GetFileSystemEntries(Repository.Root).Select(Path.GetFileName).Where(name => !name!.StartsWith('.'));

        entries.Except(TopLevel, StringComparer.Ordinal).Except(LeftBehind, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void The_service_file_starts_what_there_is()
    {
        var unit = Repository.Read("systemd/kuzzle-edge.service");

        unit.ShouldContain("Type=notify\n");
        unit.ShouldContain("ExecStart=/usr/bin/kuzzle-edge run\n");
        unit.ShouldContain($"RestartPreventExitStatus={(int)ExitCode.Usage} {(int)ExitCode.Configuration}\n");
    }

    private static List<Part> ReadTable()
    {
        var rows = TableRow().Matches(Repository.Read("docs/architecture.md")).Select(row => (Project: row.Groups["project"].Value, Uses: row.Groups["uses"].Value)).ToList();
        return
        [
            .. rows.Select((row, index) => new Part(row.Project, row.Uses switch
            {
                "nothing" => [],
                "everything below" => [.. rows.Skip(index + 1).Select(other => other.Project)],
                _ => [.. row.Uses.Split(", ").Select(name => Prefix + name)],
            })),
        ];
    }

    private static IEnumerable<string> References(string folder, string project) =>
        Project(folder, project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

    private static XDocument Project(string folder, string project) => XDocument.Load(Path.Combine(Repository.Root, folder, project, project + ".csproj"));

    private static IEnumerable<string> Sources(string project) =>
        Directory.GetFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories).Where(file => !IsBuilt(file));

    private static bool IsBuilt(string path) => path.Split('/').Any(name => name is "bin" or "obj");

    [GeneratedRegex(@"^\| `(?<project>Kuzzle\.Edge[A-Za-z.]*)` \|.*\| (?<uses>[^|]*) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableRow();

    private sealed record Part(string Project, IReadOnlyList<string> Uses);
}
