using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLNet.BatchNorm.Tests.Documentation;

/// <summary>Every file that a Markdown page points to is there, and pictures look the same wherever they are shown.</summary>
public sealed partial class MarkdownLinkTests
{
    public static TheoryData<string> Pages => [.. Repository.MarkdownFiles];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_to_a_file_or_folder(string page)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        foreach (Match link in Link().Matches(File.ReadAllText(Repository.PathOf(page))))
        {
            string target = link.Groups["target"].Value.Split('#')[0];
            if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            {
                Path.Exists(Path.Combine(folder, target)).Should().BeTrue("{0} links to {1}", page, target);
            }
        }
    }

    [Theory]
    [InlineData("light", "fill: rgb(255, 255, 255)")]
    [InlineData("dark", "fill: rgb(22, 23, 25)")]
    public void The_pictures_bring_their_own_colors(string theme, string background)
    {
        string path = Repository.PathOf($"docs/images/convergence-{theme}.svg");
        XDocument.Load(path).Root!.Name.LocalName.Should().Be("svg");
        File.ReadAllText(path).Should().Contain(background).And.NotContain("var(").And.NotContain("href");
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)|(?:src|srcset|href)=""(?<target>[^""]+)""")]
    private static partial Regex Link();
}
