/// What can be said on the command line, and what was.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/own_folders.h"
#include "jobs/settings.h"

namespace clamproof {

/// What the commands do. Handed in, so that the command line is tested without doing it.
struct Commands {
    std::function<decltype(run_command)> run = run_command;
    std::function<decltype(list_command)> list = list_command;
    std::function<decltype(matrix_command)> matrix = matrix_command;
    std::function<decltype(doubt_command)> doubt = doubt_command;
    std::function<decltype(report_command)> report = report_command;
    std::function<decltype(open_command)> open = open_command;
    std::function<decltype(atlas_command)> atlas = atlas_command;
    std::function<decltype(upgrade_command)> upgrade = upgrade_command;
    std::function<decltype(bisect_command)> bisect = bisect_command;
    std::function<decltype(shell_command)> shell = shell_command;
    std::function<decltype(recipe_command)> recipe = recipe_command;
    std::function<decltype(doctor_command)> doctor = doctor_command;
    std::function<decltype(gc_command)> gc = gc_command;
    std::function<decltype(worker_command)> worker = worker_command;
    std::function<decltype(image_build_command)> image_build = image_build_command;
    std::function<decltype(image_check_command)> image_check = image_check_command;
    std::function<decltype(image_list_command)> image_list = image_list_command;
    std::function<decltype(image_show_command)> image_show = image_show_command;
    std::function<decltype(image_export_command)> image_export = image_export_command;
    std::function<decltype(image_import_command)> image_import = image_import_command;
    std::function<decltype(image_remove_command)> image_remove = image_remove_command;
};

/// `app.parse` fills it in, and leaves what is to be done in `action`.
class CommandLine {
  public:
    explicit CommandLine(const Commands& commands);

    CLI::App app;
    Settings settings;
    OwnFolders own;
    /// Does what was asked for. @returns the exit code
    std::function<int()> action;
    /// The page that the hidden command help-page was asked for: man, bash or zsh; empty where it was not.
    std::string page;

    /// Package files get absolute paths: commands that are shown name them, and are run from any folder.
    void make_paths_absolute();

  private:
    CLI::App* add(CLI::App& parent, const char* word, const char* text, std::function<int()> what);
    void add_run();
    void add_upgrade();
    void add_list();
    void add_matrix();
    void add_table(CLI::App* command);
    void add_report();
    void add_open();
    void add_atlas();
    void add_bisect();
    void add_doubt();
    void add_image();
    void add_image_build(CLI::App& image);
    void add_image_transfer(CLI::App& image);
    void add_shell();
    void add_recipe();
    void add_maintenance();
    void add_hidden();

    Commands commands_;
    RunOptions run_;
    ShellOptions shell_;
    RecipeOptions recipe_;
    BisectOptions bisect_;
    ReportOptions report_;
    AtlasOptions atlas_;
    UpgradeOptions upgrade_;
    std::vector<std::string> names_;
    std::string name_, file_, format_ = "github";
    int jobs_ = 0, shards_ = 4;
    bool every_image_ = false, as_json_ = false, update_ = false, check_ = false;
};

}  // namespace clamproof
